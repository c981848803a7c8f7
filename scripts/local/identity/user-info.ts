import type { IncomingMessage, ServerResponse } from 'node:http'
import { importJWK, jwtVerify, type JWTPayload } from 'jose'
import { profileOf } from './accounts.ts'
import { userInfoAudience } from './access-token.ts'
import { sendJson } from '../shared/http.ts'
import type { IdentityKeys } from './keys.ts'
import type { IdentitySettings } from './settings.ts'
import type { Store } from './store.ts'

interface UserInfoParts {
  readonly settings: IdentitySettings
  readonly keys: IdentityKeys
  readonly store: Store
}

/**
 * Answers `/userinfo` for the API's access tokens, which oidc-provider refuses there and Auth0 accepts. 401 for a token that
 * is not ours or is over, 403 for one without scope `openid` (a program's, say).
 *
 * @returns false for a token that is no JWT: oidc-provider's own, for its own answer
 */
export async function answerUserInfo(parts: UserInfoParts, request: IncomingMessage, response: ServerResponse) {
  const { settings, store } = parts
  if (request.method === 'OPTIONS') {
    response.writeHead(204, {
      ...corsHeaders(settings, request),
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, auth0-client',
      'access-control-max-age': '3600',
    })
    response.end()
    return true
  }
  const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token !== undefined && token.split('.').length !== 3) return false

  const refuse = (status: 401 | 403, error: string) =>
    sendJson(
      response,
      status,
      { error },
      {
        ...corsHeaders(settings, request),
        'www-authenticate': `Bearer realm="userinfo", error="${error}"`,
      },
    )
  const claims = token === undefined ? null : await verifiedClaims(parts, token)
  if (claims === null) refuse(401, 'invalid_token')
  else if (!mayReadProfile(claims, settings)) refuse(403, 'insufficient_scope')
  else sendJson(response, 200, profileFor(claims, settings, store), corsHeaders(settings, request))
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

function corsHeaders({ siteOrigins }: IdentitySettings, request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers
  const allowed = origin !== undefined && siteOrigins.includes(origin)
  return { vary: 'Origin', ...(allowed ? { 'access-control-allow-origin': origin } : {}) }
}
