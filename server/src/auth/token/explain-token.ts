import type { AuthSettings } from '../../env.ts'
import type { Clock } from '../../lib/clock.ts'
import { AuthRefusal } from '../auth-refusal.ts'
import type { JsonObject } from '../../lib/json.ts'
import { decodeUnverified } from './decode-token.ts'
import { createKeySet, type KeySet } from '../keys/key-set.ts'
import type { Objection } from './objection.ts'
import { identityOf, isAnonymousSession } from './token-identity.ts'
import type { FetchReason, Observe } from '../types.ts'
import { checkSignature, objectionsTo } from './verify-token.ts'

export interface TokenExplanation {
  /** All objections to the token, in the order of the checks. Empty if the server accepts it. */
  readonly objections: readonly (Objection | KeysObjection)[]
  /** Facts that are not objections but often surprise developers. */
  readonly notes: readonly string[]
  /** Header and claims, verified only if there are no objections. Null if the token cannot be decoded. */
  readonly decodedUnverified: { readonly header: JsonObject; readonly claims: JsonObject } | null
}

/** The keys are unavailable, so the server would respond with 503. */
interface KeysObjection extends Omit<Objection, 'reason'> {
  readonly reason: 'keys_unavailable'
}

interface ExplainOptions {
  readonly settings: AuthSettings
  readonly clock: Clock
  /** Default: fetched from the issuer. */
  readonly keys?: Pick<KeySet, 'find'>
}

/**
 * Explains to a developer why the server refuses a token. It runs all checks of the verification instead of stopping at the first
 * objection. The explanation quotes the token and must not be logged.
 */
export async function explainToken(
  token: string,
  { settings, clock, keys }: ExplainOptions,
): Promise<TokenExplanation> {
  let fetchFailure: FetchReason | null = null
  const observe: Observe = (event) => {
    if (event.type === 'keys_failed') fetchFailure = event.reason
  }
  const source = keys ?? createKeySet({ issuer: settings.issuer, clock, observe })
  const rules = { settings, now: clock.wall() }
  const objections: (Objection | KeysObjection)[] = []
  const signature = async (decoded: Parameters<typeof checkSignature>[1]) => {
    try {
      return await checkSignature(token, decoded, rules, (kid) => source.find(kid))
    } catch (error) {
      if (!(error instanceof AuthRefusal) || error.reason !== 'keys_unavailable') throw error
      objections.push(keysObjection(settings.issuer, fetchFailure))
      return null
    }
  }
  for await (const objection of objectionsTo(token, rules, signature)) objections.push(objection)

  const decoded = decodeUnverified(token)
  if ('reason' in decoded) return { objections, notes: [], decodedUnverified: null }
  return {
    objections,
    notes: notesOn(decoded.claims),
    decodedUnverified: { header: decoded.header, claims: decoded.claims },
  }
}

const keysObjection = (issuer: string, reason: FetchReason | null): KeysObjection => ({
  reason: 'keys_unavailable',
  expected: `the keys of ${issuer}`,
  found: `they could not be fetched (${reason ?? 'no response'}), so the signature was not checked; the server responds with 503`,
  remedy: 'check that the issuer runs and that its address is right; `npm start` starts the local one',
})

function notesOn(claims: JsonObject): string[] {
  const notes: string[] = []
  const identity = identityOf(claims)
  if (identity === null) {
    if (typeof claims.sub === 'string' && isAnonymousSession(claims.sub)) {
      notes.push('This is an anonymous session. The server treats it as a request without a token.')
    }
    return notes
  }
  if (identity.isProgram) notes.push('This is a token of a program. The program is a member without a profile.')
  else if (!identity.mayReadProfile)
    notes.push('The token lacks the scope openid, so the server cannot fetch name and picture.')
  if (!Array.isArray(claims.permissions) && identity.permissions.size > 0) {
    notes.push(
      'The permissions come from scope only. At Auth0, enable role-based access control for the API. Without it, any user can request any scope.',
    )
  }
  return notes
}
