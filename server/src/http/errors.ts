import type { FastifyError, FastifyInstance } from 'fastify'
import { isDatabaseFailure } from '../db/index.ts'
import { HttpProblem, sendProblem, type ProblemCode } from './problem.ts'

/** What Fastify says of a request that it cannot take, in words for the caller. */
const explained: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['BAD_REQUEST', 'The request cannot be read. Send JSON such as {"query":"{ plans { slug } }"}.'],
  404: ['NOT_FOUND', 'There is nothing here. The API is at /graphql.'],
  413: ['BAD_REQUEST', 'The request is too large.'],
  415: ['BAD_REQUEST', 'Send application/json in UTF-8.'],
  429: ['RATE_LIMITED', 'Too many requests. Wait as long as Retry-After says.'],
  503: ['SERVICE_UNAVAILABLE', 'The server is too busy or is stopping. Try again.'],
}

/** Every error outside GraphQL leaves in one shape; a bug is masked, and the log has it under the same request id. */
export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, explainedProblem(404)))
  app.setErrorHandler((error: FastifyError | HttpProblem, request, reply) => {
    if (error instanceof HttpProblem) return sendProblem(request, reply, error)
    const status = isDatabaseFailure(error) ? 503 : (error.statusCode ?? 500)
    if (status < 500 || status === 503) {
      request.log.info({ reason: error.code }, 'request refused')
      return sendProblem(request, reply, explainedProblem(status))
    }
    request.log.error({ err: error }, 'request failed')
    return sendProblem(
      request,
      reply,
      new HttpProblem(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'),
    )
  })
}

function explainedProblem(status: number): HttpProblem {
  const [code, message] = explained[status] ?? ['BAD_REQUEST', 'The request cannot be answered.']
  return new HttpProblem(status, code, message, status === 503 ? { 'retry-after': '5' } : {})
}
