import type { FastifyReply, FastifyRequest } from 'fastify'
import { retryAfterSeconds, tooManyMessage, unavailableMessage, type ErrorCode } from '../lib/errors.ts'

/** Codes of answers that never became GraphQL: the one list's, and HTTP's own trouble with a request. */
export type ProblemCode = ErrorCode | 'BAD_REQUEST'

/** An answer to a request that ends before GraphQL: in GraphQL's shape, so that a client reads one kind of error. */
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

/** Returns the refusal of a caller who asks too much. */
export const tooMany = (waitSeconds: number, message = tooManyMessage): HttpProblem =>
  new HttpProblem(429, 'RATE_LIMITED', message, { 'retry-after': String(waitSeconds) })

/** When to ask again after an answer that could not be given. */
export const retryLater = { 'retry-after': String(retryAfterSeconds) } as const

/** Returns the answer to what cannot be answered now, and can soon. */
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
