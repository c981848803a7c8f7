import { permissionsOf } from '../accounts.ts'
import type { IdentitySettings } from '../settings.ts'

/** The scopes of a person's token. Permissions are not scopes, so a sign-in cannot request them. */
export const scopes = ['openid', 'profile', 'email'] as const

/** The holder of an access token. */
interface TokenHolder {
  readonly subject: string
  readonly clientId: string
  /** Space-separated; undefined for none. */
  readonly scope?: string | undefined
  readonly isProgram: boolean
}

export const programSubject = (clientId: string): string => `${clientId}@clients`

/** Returns the entry of Auth0's `aud` that allows a token to read the profile. */
export const userInfoAudience = (issuer: string): string => `${issuer}userinfo`

/**
 * Returns the claims of an access token in Auth0's default profile, without the times. `aud` is a list with the address of the user info
 * if the scope `openid` was granted. `permissions` is as with role-based access control.
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
