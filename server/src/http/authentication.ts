import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AuthRefusal, type Auth, type Identity } from '../auth/index.ts'
import { HttpProblem } from './problem.ts'
import type { RateLimits } from './limits/rate-limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The identity of the verified token, or null for an anonymous reader. */
    identity: Identity | null
    /** The verified token, for calls to the identity provider. Never logged. */
    accessToken: string | null
  }
}

/** Declares the identity and the token as properties of each request. */
export function prepareIdentity(app: FastifyInstance): void {
  app.decorateRequest('identity', null)
  app.decorateRequest('accessToken', null)
}

/**
 * The step that verifies the Authorization header and sets the identity. Refuses an invalid token before the body is read. All
 * refusals have the same response. The log line has the reason.
 */
export function authenticate(auth: Auth, limits: RateLimits) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const authenticated = await auth.authenticate(request.raw.rawHeaders)
      request.identity = authenticated?.identity ?? null
      request.accessToken = authenticated?.identity ? authenticated.token : null
    } catch (error) {
      if (!(error instanceof AuthRefusal)) throw error
      const unchecked = error.status === 503
      request.log.info(
        { reason: error.reason, expected: error.expected },
        unchecked ? 'token not checked' : 'token refused',
      )
      if (error.status === 401) await limits.countBadToken(request, reply)
      else await limits.countRequest(request, reply)
      throw new HttpProblem(error.status, error.code, error.message, error.headers)
    }
  }
}
