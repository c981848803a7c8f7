import type { FastifyReply, FastifyRequest } from 'fastify'
import { retryAfterSeconds, tooManyMessage, unavailableMessage, type ErrorCode } from '../lib/errors.ts'

/** The error codes of HTTP responses outside GraphQL. */
export type ProblemCode = ErrorCode | 'BAD_REQUEST'

/** An error before GraphQL. Its response has the shape of a GraphQL error, so that clients parse one shape. */
export class HttpProblem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: ProblemCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'HttpProblem'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** Creates the refusal of a caller over a limit. */
export const tooMany = (waitSeconds: number, message = tooManyMessage): HttpProblem =>
  new HttpProblem(429, 'RATE_LIMITED', message, { 'retry-after': String(waitSeconds) })

/** The `Retry-After` header of a 503. */
export const retryLater = { 'retry-after': String(retryAfterSeconds) } as const

/** Creates the refusal of a request that is likely to succeed after a short wait. */
export const unavailable = (message = unavailableMessage): HttpProblem =>
  new HttpProblem(503, 'SERVICE_UNAVAILABLE', message, retryLater)

export function problemBody(code: ProblemCode, message: string, requestId: string) {
  return { errors: [{ message, extensions: { code, requestId } }] }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: HttpProblem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, 'cache-control': 'private, no-store' })
    .type('application/json; charset=utf-8')
    .send(problemBody(problem.code, problem.message, request.id))
}
