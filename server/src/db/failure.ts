/** Prisma's codes for "not now" (https://www.prisma.io/docs/orm/reference/error-reference): unreachable, timed out, no free connection. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037'])
/** PostgreSQL's, by class and by number: connection lost, who may connect, no such database, out of resources, stopped on purpose, read-only, lock not to be had. */
const postgresCodes = /^(08|28|3D|53|57|58|25006|40001|40P01|55P03)/
const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
])
/** What `pg` and its pool say without a code. */
const messages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|not queryable|DatabaseNotReachable|SocketTimeout|ConnectionClosed|Unable to start a transaction/i

/** Whether an error says that the database could not answer now: a reader may try again. All else is a bug of ours. */
export function isDatabaseFailure(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (prismaCodes.has(code) || systemCodes.has(code) || (postgresCodes.test(code) && code.length === 5)) return true
  if (error.name === 'PrismaClientInitializationError' || messages.test(error.message)) return true
  const original = /Code: `(\w{5})`/.exec(error.message)?.[1]
  if (original !== undefined && postgresCodes.test(original)) return true
  return isDatabaseFailure(error.cause, depth + 1)
}
