import type { Configuration } from 'oidc-provider'
import type { IdentitySettings } from '../settings.ts'

/** The local program with client credentials. The secret protects nothing: the provider serves this machine only. */
export const localProgram = { clientId: 'gatepost-program', clientSecret: 'local-program-secret' } as const

/** Returns the applications of the local tenant: the site, and a program with a secret. */
export function clients({ clientId, siteOrigins }: IdentitySettings): Configuration['clients'] {
  return [
    {
      client_id: clientId,
      client_name: 'Gatepost',
      // The silent sign-in of a 'native' application is refused after a reload (interaction_required).
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: siteOrigins.flatMap((origin) => [`${origin}/callback/`, `${origin}/callback`]),
    },
    {
      client_id: localProgram.clientId,
      client_secret: localProgram.clientSecret,
      client_name: 'A program of this machine',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ]
}
