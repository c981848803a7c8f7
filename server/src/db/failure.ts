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
 * SQLSTATEs, by class or in full (https://www.postgresql.org/docs/current/errcodes-appendix.html). A class is listed where every
 * code of it says that the database, not the statement, is the trouble.
 */
const sqlStates = [
  '08', // the connection failed
  '25006', // read-only: a standby, or a database that is being moved
  '25P03', // idle in a transaction for too long
  '25P04', // the transaction took too long
  '28', // who may connect
  '3D', // no such database
  '40001', // serialisation failure
  '40003', // unknown whether a statement was completed
  '40P01', // deadlock
  '53', // out of disk, memory or connections
  '55000', // the database accepts no connections, or is not in the state that is needed
  '55006', // in use by somebody else
  '55P03', // a lock that could not be had in time
  '57', // stopped on purpose: shutting down, cancelled, cannot connect now
  '58', // the system below PostgreSQL
  '72', // snapshot too old
  'F0', // its configuration
  'XX', // its own internal errors, damaged data among them
] as const

/** Kinds of Prisma's driver adapter: the same again, where it knows better than to keep the code. */
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

/** Node.js' codes of connections that broke or cannot be made, whatever the system call. */
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
/** Failures of these calls are the network's, whatever the code: no permission, too many files, no such socket. */
const networkCalls = new Set(['connect', 'getaddrinfo'])
const tlsCodes = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

/** What `pg` and `pg-pool` say without a code. */
const messages =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed and is not queryable|Cannot use a pool after calling end|The server does not support SSL|There was an error establishing an SSL|received invalid response|Received unexpected|Unknown authenticationOk|SASL: )/i

/** An error has a few causes at most; a hostile or cyclic one ends the walk. */
const mostLinks = 16

/**
 * Tells whether an error says that the database could not answer now, so that asking again may help. Everything else is a bug.
 *
 * Prisma wraps what the driver threw in several ways: as `cause`, under `meta`, as an object that is no `Error`. All of them are
 * looked at.
 */
export function isDatabaseFailure(error: unknown): boolean {
  const seen = new Set<unknown>()
  const links = [error]
  for (const link of links) {
    if (typeof link !== 'object' || link === null || seen.has(link)) continue
    if (seen.size === mostLinks) return false
    seen.add(link)
    if (saysSo(link)) return true
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

function saysSo({ code, originalCode, kind, syscall, name, message }: Facts): boolean {
  if (isOutage(code) || isOutage(originalCode)) return true
  if (typeof kind === 'string' && adapterKinds.has(kind)) return true
  if (typeof syscall === 'string' && networkCalls.has(syscall)) return true
  // Prisma keeps nothing but the code of a system error, and asks the system for nothing but the network.
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
