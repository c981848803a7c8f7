import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from '../problem.ts'
import type { RateLimits } from '../limits/rate-limits.ts'

/**
 * Answers what no route takes: 405 with the methods that an address has, 404 for an address that is none. Preflights end here
 * too: their headers are there already. To be called before the routes are made and after CORS.
 *
 * @param count the step that counts such a request like any other without a token
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
    // Safari waits for a body unless it is told that there is none.
    if (isPreflight(request)) return reply.code(204).header('content-length', '0').send()
    await count(request, reply)
    throw problemOf(request)
  })
  // After the last of those steps, so that browsers may read the answer, and before its body is.
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return
    await count(request, reply)
    throw problemOf(request)
  })
}

/** A browser's question whether it may ask; any other OPTIONS is a method like PUT. */
const isPreflight = ({ headers }: FastifyRequest): boolean =>
  Boolean(headers.origin && headers['access-control-request-method'])
