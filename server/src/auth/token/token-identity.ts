import type { JsonObject } from '../../lib/json.ts'
import type { Identity } from '../identity.ts'

/** OpenID Connect's own scopes. They concern the profile and are not permissions of this API. */
const profileScopes = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])
const mostPermissions = 500
const longestPermission = 200

/**
 * Returns the identity in verified claims, or null for Auth0's anonymous sessions. Their tokens are valid but belong to no account.
 */
export function identityOf(claims: JsonObject): Identity | null {
  const { iss, sub, exp } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') return null
  if (isAnonymousSession(sub)) return null
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ') : []
  const isProgram = sub.endsWith('@clients') || claims.gty === 'client-credentials'
  return Object.freeze({
    issuer: iss,
    subject: sub,
    permissions: permissionsOf(claims.permissions, scopes),
    isProgram,
    mayReadProfile: !isProgram && scopes.includes('openid'),
    expiresAt: new Date(exp * 1000),
  })
}

/** Returns whether a token's subject is one of Auth0's anonymous sessions. */
export const isAnonymousSession = (subject: string): boolean => subject.startsWith('anon@')

/** Reads permissions. Auth0 writes them to `permissions` with role-based access control, otherwise to `scope`. Malformed ones are ignored. */
function permissionsOf(listed: unknown, scopes: readonly string[]): ReadonlySet<string> {
  const names: unknown[] = [
    ...(Array.isArray(listed) ? (listed as unknown[]) : []),
    ...scopes.filter((scope) => !profileScopes.has(scope)),
  ]
  const accepted = names.filter(
    (name): name is string => typeof name === 'string' && name !== '' && name.length <= longestPermission,
  )
  return new Set(accepted.slice(0, mostPermissions))
}
