import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from '../problem.ts'
import type { RateLimits } from '../limits/rate-limits.ts'

/**
 * Answers requests without a route: 405 with the allowed methods for a known path, 404 for an unknown one. Also answers preflights,
 * whose headers are already set. Must be called after CORS is registered and before the routes are added.
 *
 * @param count the step that charges the request to its address
 */
export function answerUnknown(app: FastifyInstance, count: RateLimits['countRequest']): void {
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url !== '*') methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()])
  })

  const problemOf = (request: FastifyRequest): HttpProblem => {
    const known = methods.get(request.url.split('?')[0] ?? '')
    if (!known) return new HttpProblem(404, 'NOT_FOUND', 'Not found. The API is at /graphql.')
    return new HttpProblem(405, 'BAD_REQUEST', `The method is not allowed. Use ${known.join(' or ')}.`, {
      allow: known.join(', '),
    })
  }
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'OPTIONS') return
    // Safari waits for a body unless Content-Length is 0.
    if (isPreflight(request)) return reply.code(204).header('content-length', '0').send()
    await count(request, reply)
    throw problemOf(request)
  })
  // Runs after all onRequest steps, so that the CORS headers are set, and before the body is read.
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return
    await count(request, reply)
    throw problemOf(request)
  })
}

/** Returns whether an OPTIONS request is a CORS preflight. */
const isPreflight = ({ headers }: FastifyRequest): boolean =>
  Boolean(headers.origin && headers['access-control-request-method'])
