import type { FastifyRequest } from 'fastify'
import type { Auth } from '../../auth/index.ts'
import { createContext, type Context, type ContextServices } from '../../graphql/index.ts'

/**
 * Creates the context of an execution: one `now`, one reader, empty caches. A stream has a new context for each event.
 *
 * @param onProviderCall called before each request to the payment provider
 */
export function contextOf(
  request: FastifyRequest,
  services: ContextServices,
  auth: Auth,
  onProviderCall?: () => void,
): Context {
  return createContext(services, {
    id: request.id,
    identity: request.identity,
    fetchProfile: async () => {
      const { identity, accessToken } = request
      if (identity === null || accessToken === null) throw new Error('a profile was requested without a token')
      const answer = await auth.userInfo(identity, accessToken)
      if (!answer.ok) throw new Error(`user info: ${answer.reason}`)
      return answer.userInfo
    },
    charge: (points) => {
      if (request.rate === null) throw new Error('a query was executed before its request was charged')
      return request.rate.charge(points)
    },
    onFailure: (what, error) => request.log.error({ err: error }, what),
    ...(onProviderCall && { onProviderCall }),
  })
}
