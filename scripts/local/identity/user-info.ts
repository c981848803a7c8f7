import type { FastifyReply, FastifyRequest } from 'fastify'
import { importJWK, jwtVerify, type JWTPayload } from 'jose'
import { profileOf } from './accounts.ts'
import { userInfoAudience } from './oidc/access-token.ts'
import type { IdentityKeys } from './oidc/keys.ts'
import type { IdentitySettings } from './settings.ts'
import type { Store } from './oidc/store.ts'

interface UserInfoParts {
  readonly settings: IdentitySettings
  readonly keys: IdentityKeys
  readonly store: Store
}

/**
 * Answers `/userinfo` for the API's access tokens, which Auth0 accepts there and oidc-provider does not. Answers 401 for a token that
 * is invalid or expired, and 403 for one without the scope `openid`, such as a program's.
 *
 * @returns false for a token that is not a JWT, which oidc-provider issued and answers itself
 */
export async function answerUserInfo(
  parts: UserInfoParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { settings, store } = parts
  const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  if (request.method !== 'OPTIONS' && token !== undefined && token.split('.').length !== 3) return false
  void reply.headers(corsHeaders(settings, request)).header('cache-control', 'no-store')
  if (request.method === 'OPTIONS') {
    void reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type, auth0-client',
        'access-control-max-age': '3600',
      })
      .send()
    return true
  }
  const refuse = (status: 401 | 403, error: string) =>
    reply.code(status).header('www-authenticate', `Bearer realm="userinfo", error="${error}"`).send({ error })
  const claims = token === undefined ? null : await verifiedClaims(parts, token)
  if (claims === null) void refuse(401, 'invalid_token')
  else if (!mayReadProfile(claims, settings)) void refuse(403, 'insufficient_scope')
  else void reply.send(profileFor(claims, settings, store))
  return true
}

async function verifiedClaims({ settings, keys }: UserInfoParts, token: string): Promise<JWTPayload | null> {
  try {
    const key = await importJWK(keys.publicSigning, 'RS256')
    const { payload } = await jwtVerify(token, key, {
      issuer: settings.issuer,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp'],
    })
    return payload
  } catch {
    return null
  }
}

const mayReadProfile = ({ aud, sub = '' }: JWTPayload, { issuer }: IdentitySettings): boolean =>
  [aud].flat().includes(userInfoAudience(issuer)) && !sub.endsWith('@clients') && !sub.startsWith('anon@')

function profileFor({ sub = '', scope }: JWTPayload, { issuer }: IdentitySettings, store: Store) {
  const granted = new Set(typeof scope === 'string' ? scope.split(' ') : [])
  const { name, nickname, picture, email, email_verified } = profileOf(sub, store.nameOf(sub), issuer)
  return {
    sub,
    ...(granted.has('profile') ? { name, nickname, picture } : {}),
    ...(granted.has('email') ? { email, email_verified } : {}),
  }
}

function corsHeaders({ siteOrigins }: IdentitySettings, request: FastifyRequest): Record<string, string> {
  const { origin } = request.headers
  const allowed = origin !== undefined && siteOrigins.includes(origin)
  return { vary: 'Origin', ...(allowed ? { 'access-control-allow-origin': origin } : {}) }
}
