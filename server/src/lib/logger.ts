import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import { pino } from 'pino'
import { scrub, scrubPath } from './scrub.ts'

export interface LogStream {
  write: (line: string) => unknown
}

export type Logger = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error' | 'debug'>

/** An IPv6 address with a zone. */
const longestAddress = 64

interface Described {
  [key: string]: unknown
  type: string
  message: string
  code?: unknown
  stack: string
  cause?: Described
}

/** An error as the log shows it: scrubbed, with its cause, with where it happened and none of its properties. */
export function describeError(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return describeOther(error)
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined
  return {
    type: error.name,
    message: scrub(error.message),
    ...(code !== undefined && { code }),
    stack: placesOf(error),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}

/** A cause that is no `Error`: Prisma's driver adapter has such, with PostgreSQL's code and message under other names. */
function describeOther(cause: unknown): Described {
  if (typeof cause !== 'object' || cause === null)
    return { type: typeof cause, message: scrub(String(cause)), stack: '' }
  const { kind, originalCode, originalMessage, message } = cause as Readonly<Record<string, unknown>>
  const told = originalMessage ?? message
  return {
    type: typeof kind === 'string' ? kind : 'object',
    message: typeof told === 'string' ? scrub(told) : '',
    ...(typeof originalCode === 'string' && { code: originalCode }),
    stack: '',
  }
}

/** The first lines of a stack that name a place; those before repeat the message, which may have several lines of its own. */
const placesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .slice(0, 7)
    .join('\n')

/** For what may go wrong with every request, as long as something is away: one line a minute says it as well. */
export function onceAMinute<Event>(log: (event: Event) => void): (event: Event) => void {
  let quietUntil = -Infinity
  return (event) => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + 60_000
    log(event)
  }
}

/**
 * What the log of requests may hold: of one its method, path and id; never headers, the query string (`?access_token=…`) or a body.
 *
 * @param stream where the lines go; standard output unless given
 */
export const loggerOptions = (level: string, stream?: LogStream): FastifyServerOptions['logger'] => ({
  ...scrubbed(level),
  ...(stream && { stream }),
})

/** A log of the same kind for a process that answers no requests; to standard output. */
export const createLogger = (level: string): Logger => pino(scrubbed(level), process.stdout)

const scrubbed = (level: string) => ({
  level,
  redact: {
    paths: [
      'authorization',
      'token',
      'access_token',
      'email',
      'cookie',
      '*.authorization',
      '*.token',
      '*.access_token',
      '*.email',
      '*.cookie',
    ],
    censor: '[redacted]',
  },
  serializers: {
    req: (request: { method?: string; url?: string; id?: unknown; ip?: string }) => ({
      id: request.id,
      method: request.method,
      path: scrubPath(request.url ?? ''),
      // What a proxy passes on may be anything.
      address: request.ip?.slice(0, longestAddress),
    }),
    res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
    err: (error: unknown) => describeError(error),
  },
})
