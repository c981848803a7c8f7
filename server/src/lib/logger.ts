import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import { pino } from 'pino'
import { scrub, scrubPath } from './scrub.ts'

export interface LogStream {
  write: (line: string) => unknown
}

export type Logger = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error' | 'debug'>

/** Enough for an IPv6 address with a zone. */
const longestAddress = 64

interface Described {
  [key: string]: unknown
  type: string
  message: string
  code?: unknown
  stack: string
  cause?: Described
}

/** Describes an error for the log: scrubbed, with its cause and its stack, without its other properties. */
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

/** Describes a cause that is not an `Error`. Prisma's driver adapter throws such objects, with PostgreSQL's code under another name. */
function describeOther(cause: unknown): Described {
  if (typeof cause !== 'object' || cause === null)
    return { type: typeof cause, message: scrub(String(cause)), stack: '' }
  const { kind, originalCode, originalMessage, message } = cause as Readonly<Record<string, unknown>>
  const text = originalMessage ?? message
  return {
    type: typeof kind === 'string' ? kind : 'object',
    message: typeof text === 'string' ? scrub(text) : '',
    ...(typeof originalCode === 'string' && { code: originalCode }),
    stack: '',
  }
}

/** Returns the first stack frames. The lines above them repeat the message. */
const placesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .slice(0, 7)
    .join('\n')

/** Limits a log call to one per minute, for failures that an outage causes with every request. */
export function onceAMinute<Event>(log: (event: Event) => void): (event: Event) => void {
  let quietUntil = -Infinity
  return (event) => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + 60_000
    log(event)
  }
}

/**
 * Returns Fastify's logger options. Of a request the log has the method, path, id and address, but no headers, query string
 * (`?access_token=…`) or body.
 *
 * @param stream default: standard output
 */
export const loggerOptions = (level: string, stream?: LogStream): FastifyServerOptions['logger'] => ({
  ...scrubbed(level),
  ...(stream && { stream }),
})

/** Creates a logger with the same options for a process without an HTTP server. It writes to standard output. */
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
      // A proxy may forward any text as the address.
      address: request.ip?.slice(0, longestAddress),
    }),
    res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
    err: (error: unknown) => describeError(error),
  },
})
