import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { localProgram } from './oidc/clients.ts'
import { accessTokenClaims, programSubject, scopes } from './oidc/access-token.ts'
import { subjectOf } from './accounts.ts'
import { loadKeys } from './oidc/keys.ts'
import type { IdentitySettings } from './settings.ts'

/** Deliberate flaws of a token, for tests of its refusal. */
export const flaws = ['expired', 'wrong-audience', 'wrong-issuer', 'forged', 'unsigned'] as const
export type Flaw = (typeof flaws)[number]

export type MintOptions = Pick<IdentitySettings, 'folder' | 'issuer' | 'audience' | 'clientId'> & {
  /** The name of a persona or any other name. Excludes `kind`. */
  readonly as?: string
  /** The program with client credentials, or one of Auth0's anonymous sessions. */
  readonly kind?: 'program' | 'anonymous-session'
  readonly flaw?: Flaw
  /** Default: 86,400, a day, as with Auth0. */
  readonly lifetimeSeconds?: number
  /** The time of issue. Default: now. */
  readonly now?: Date
  /** Claims to add or replace. `undefined` removes a claim. */
  readonly claims?: JWTPayload
}

/**
 * Creates an access token with the stored keys in `folder`, like a token of the local identity provider. The provider need not run. If it
 * has never run, this function creates the keys, and the provider uses them later.
 */
export async function mintToken(options: MintOptions): Promise<string> {
  const { signing } = await loadKeys(options.folder)
  const payload = claimsOf(options)
  if (options.flaw === 'unsigned') return new UnsecuredJWT(payload).encode()
  const key = options.flaw === 'forged' ? generateForeignKey() : await importJWK(signing, 'RS256')
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

/** Generates another key of the same type, for a forged signature under the right `kid`. */
function generateForeignKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}
