import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AuthRefusal, type Auth, type Identity } from '../auth/index.ts'
import { HttpProblem } from './problem.ts'
import type { RateLimits } from './limits/rate-limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who the token says; null when anonymous. */
    identity: Identity | null
    /** The verified token itself, for the call to the identity provider; never logged. */
    accessToken: string | null
  }
}

/** Makes room on each request for who asks. */
export function prepareIdentity(app: FastifyInstance): void {
  app.decorateRequest('identity', null)
  app.decorateRequest('accessToken', null)
}

/**
 * The step that turns the Authorization header into an identity. A bad token ends here, before anything is read or run; its
 * answer is the same whatever was wrong, and the log line says what it was.
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
