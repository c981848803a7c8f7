import { errors, type Configuration } from 'oidc-provider'
import { localProgram } from './clients.ts'
import { scopes } from './access-token.ts'
import type { IdentitySettings } from '../settings.ts'

/** The name of the API inside oidc-provider, which requires a URI. An audience may be any text. */
export const api = 'urn:gatepost:api'

/**
 * Configures requests for tokens by `audience`, as with Auth0, in place of the `resource` of RFC 8707.
 *
 * A code without an audience gives an opaque token that only `/userinfo` accepts. A program must name an audience.
 */
export function apiFeature({ audience, tokenLifetimeSeconds }: IdentitySettings) {
  return {
    enabled: true,
    defaultResource: (context, _client, oneOf) => {
      if (oneOf !== undefined) return oneOf
      const asked = context.oidc.params?.audience ?? context.oidc.body?.audience
      if (asked === audience) return api
      if (asked !== undefined) throw new errors.InvalidTarget('audience is not the API of this publication')
      if (context.oidc.params?.grant_type === 'client_credentials') {
        throw new errors.InvalidTarget('audience is missing; set it to the API that the token is for')
      }
      return []
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource, client) => {
      if (resource !== api)
        throw new errors.InvalidTarget('the parameter resource is not supported; use audience, as with Auth0')
      return {
        audience,
        // A program has no profile.
        scope: client.clientId === localProgram.clientId ? '' : scopes.join(' '),
        accessTokenTTL: tokenLifetimeSeconds,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }
    },
  } satisfies NonNullable<Configuration['features']>['resourceIndicators']
}
