import { permissionsOf } from './accounts.ts'
import type { IdentitySettings } from './settings.ts'

/** The scopes that a person's token may have. Permissions are no scopes here: asking for one must not give it. */
export const scopes = ['openid', 'profile', 'email'] as const

/** Whom an access token is for. */
export interface TokenHolder {
  readonly subject: string
  readonly clientId: string
  /** Space-separated; undefined for none. */
  readonly scope?: string | undefined
  readonly isProgram: boolean
}

export const programSubject = (clientId: string): string => `${clientId}@clients`

/** Where Auth0's `aud` says that a token may also ask for the profile. */
export const userInfoAudience = (issuer: string): string => `${issuer}userinfo`

/**
 * The claims of an access token as Auth0's default profile has them, without the times: `aud` is a list with the user info
 * address when scope `openid` was granted, `permissions` as with role-based access control on.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export function accessTokenClaims(
  settings: Pick<IdentitySettings, 'issuer' | 'audience'>,
  holder: TokenHolder,
): Record<string, unknown> {
  const mayReadProfile = holder.scope?.split(' ').includes('openid') ?? false
  return {
    iss: settings.issuer,
    sub: holder.subject,
    aud: mayReadProfile ? [settings.audience, userInfoAudience(settings.issuer)] : settings.audience,
    azp: holder.clientId,
    ...(holder.scope ? { scope: holder.scope } : {}),
    ...(holder.isProgram ? { gty: 'client-credentials' } : {}),
    permissions: holder.isProgram ? [] : permissionsOf(holder.subject),
  }
}
