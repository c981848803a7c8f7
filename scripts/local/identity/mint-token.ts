import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { localProgram } from './clients.ts'
import { accessTokenClaims, programSubject, scopes } from './access-token.ts'
import { subjectOf } from './accounts.ts'
import { loadKeys } from './keys.ts'
import type { IdentitySettings } from './settings.ts'

/** What can be wrong with a token on purpose, to see it refused. */
export const flaws = ['expired', 'wrong-audience', 'wrong-issuer', 'forged', 'unsigned'] as const
export type Flaw = (typeof flaws)[number]

export type MintOptions = Pick<IdentitySettings, 'folder' | 'issuer' | 'audience' | 'clientId'> & {
  /** A persona's name or any other name. Not with `kind`. */
  readonly as?: string
  /** Nobody in person: the program with client credentials, or one of Auth0's anonymous sessions. */
  readonly kind?: 'program' | 'anonymous-session'
  readonly flaw?: Flaw
  /** 86,400 (a day, Auth0's default) unless said. */
  readonly lifetimeSeconds?: number
  /** When it is issued: now unless said. */
  readonly now?: Date
  /** Claims to add, or to replace; `undefined` takes one away. */
  readonly claims?: JWTPayload
}

/**
 * Makes an access token with the kept keys in `folder`, as the local identity provider would give it; the provider need not
 * run, and if it has never run the keys are made now, so that it starts with them later.
 */
export async function mintToken(options: MintOptions): Promise<string> {
  const { signing } = await loadKeys(options.folder)
  const payload = claimsOf(options)
  if (options.flaw === 'unsigned') return new UnsecuredJWT(payload).encode()
  const key = options.flaw === 'forged' ? strangersKey() : await importJWK(signing, 'RS256')
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: signing.kid }).sign(key)
}

function claimsOf(options: MintOptions): JWTPayload {
  const { flaw, lifetimeSeconds = 86_400, now = new Date() } = options
  const issuedAt = Math.floor(now.getTime() / 1000) - (flaw === 'expired' ? lifetimeSeconds + 3600 : 0)
  const settings = {
    issuer: flaw === 'wrong-issuer' ? 'https://issuer.elsewhere.test/' : options.issuer,
    audience: flaw === 'wrong-audience' ? 'https://api.elsewhere.test' : options.audience,
  }
  return {
    ...accessTokenClaims(settings, holderOf(options)),
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    ...options.claims,
  }
}

function holderOf({ as, kind, clientId }: MintOptions) {
  const isProgram = kind === 'program'
  if (isProgram) return { subject: programSubject(localProgram.clientId), clientId: localProgram.clientId, isProgram }
  const scope = scopes.join(' ')
  if (kind === 'anonymous-session') return { subject: 'anon@local-visitor', clientId, scope, isProgram }
  if (as === undefined) throw new TypeError('mintToken: say `as`, or a `kind`')
  return { subject: subjectOf(as), clientId, scope, isProgram }
}

/** Of the same kind as ours and under the same `kid`, and not ours. */
function strangersKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}
