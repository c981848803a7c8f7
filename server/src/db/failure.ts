/** Prisma's codes (https://www.prisma.io/docs/orm/reference/error-reference): unreachable, refused, timed out, no free connection, conflict. */
const prismaCodes = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1011',
  'P1017',
  'P1018',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
])

/**
 * SQLSTATEs, by class or in full (https://www.postgresql.org/docs/current/errcodes-appendix.html). A class is listed if the cause of
 * all its codes is the database and not the statement.
 */
const sqlStates = [
  '08', // the connection failed
  '25006', // read-only: a standby, or a database that is being moved
  '25P03', // idle in a transaction for too long
  '25P04', // the transaction took too long
  '28', // authorization to connect
  '3D', // no such database
  '40001', // serialisation failure
  '40003', // unknown whether a statement was completed
  '40P01', // deadlock
  '53', // out of disk, memory or connections
  '55000', // the database accepts no connections, or is not in the state that is needed
  '55006', // in use by another session
  '55P03', // a lock was not available in time
  '57', // operator intervention: shutting down, cancelled, cannot connect now
  '58', // an error of the operating system
  '72', // snapshot too old
  'F0', // an error in the configuration file
  'XX', // internal errors, including corrupted data
] as const

/** Error kinds of Prisma's driver adapter, which replaces some codes of the database. */
const adapterKinds = new Set([
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'TransactionAlreadyClosed',
  'TransactionWriteConflict',
])

/** Node.js' error codes of connections that broke or could not be opened, for any system call. */
const networkCodes = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOBUFS',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ETIMEDOUT',
])
/** Any failure of these system calls is a network failure, with any code: no permission, too many open files, no such socket. */
const networkCalls = new Set(['connect', 'getaddrinfo'])
const tlsCodes = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

/** Messages of `pg` and `pg-pool` errors that have no code. */
const messages =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed and is not queryable|Cannot use a pool after calling end|The server does not support SSL|There was an error establishing an SSL|received invalid response|Received unexpected|Unknown authenticationOk|SASL: )/i

/** Limits the search in an error whose chain of causes is cyclic or endless. */
const mostLinks = 16

/**
 * Returns whether an error means that the database is unavailable, so that a retry may succeed. Any other error is a bug.
 *
 * Prisma wraps the driver's error in several ways: as `cause`, under `meta`, or as an object that is not an `Error`. The function
 * searches all of them.
 */
export function isDatabaseFailure(error: unknown): boolean {
  const seen = new Set<unknown>()
  const links = [error]
  for (const link of links) {
    if (typeof link !== 'object' || link === null || seen.has(link)) continue
    if (seen.size === mostLinks) return false
    seen.add(link)
    if (isFailure(link)) return true
    links.push(...linksOf(link))
  }
  return false
}

interface Facts {
  readonly code?: unknown
  readonly originalCode?: unknown
  readonly kind?: unknown
  readonly syscall?: unknown
  readonly name?: unknown
  readonly message?: unknown
}

function isFailure({ code, originalCode, kind, syscall, name, message }: Facts): boolean {
  if (isOutage(code) || isOutage(originalCode)) return true
  if (typeof kind === 'string' && adapterKinds.has(kind)) return true
  if (typeof syscall === 'string' && networkCalls.has(syscall)) return true
  // Prisma keeps only the code of a system error. Its only system calls are network calls.
  if (name === 'PrismaClientKnownRequestError' && typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
  return name === 'PrismaClientInitializationError' || (typeof message === 'string' && messages.test(message))
}

function isOutage(code: unknown): boolean {
  if (typeof code !== 'string') return false
  if (prismaCodes.has(code) || networkCodes.has(code) || tlsCodes.test(code)) return true
  return /^[\dA-Z]{5}$/.test(code) && !/^P[12]\d/.test(code) && sqlStates.some((state) => code.startsWith(state))
}

function linksOf(link: object): unknown[] {
  const { cause, meta, errors } = link as { cause?: unknown; meta?: unknown; errors?: unknown }
  const ofPrisma = typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta
  return [
    cause,
    ofPrisma && meta.driverAdapterError,
    ...(Array.isArray(errors) ? (errors as unknown[]).slice(0, mostLinks) : []),
  ]
}
