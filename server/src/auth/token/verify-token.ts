import { errors, jwtVerify, type CryptoKey } from 'jose'
import { authUnavailable, tokenRefused } from '../auth-refusal.ts'
import { claimChecks, readTimes, type TokenTimes } from './claim-checks.ts'
import { decodeUnverified, type DecodedToken } from './decode-token.ts'
import { headerChecks } from './header-checks.ts'
import type { Identity } from '../identity.ts'
import { KeysUnavailable } from '../keys/key-set.ts'
import type { Objection } from './objection.ts'
import { identityOf } from './token-identity.ts'
import { algorithm, clockToleranceSeconds, type TokenRules } from './token-rules.ts'

type FindKey = (kid: string) => Promise<CryptoKey | null>

/** A token that passed all checks. */
export interface VerifiedToken {
  /** Null for a verified anonymous session. */
  readonly identity: Identity | null
  readonly times: TokenTimes
}

/**
 * Verifies a token and returns its identity.
 *
 * @param findKey returns the issuer's key by its `kid`; called only if the header passes all checks
 * @throws AuthRefusal 401 with the reason of the first objection; 503 if no keys are available
 */
export async function verifyToken(token: string, rules: TokenRules, findKey: FindKey): Promise<VerifiedToken> {
  const step = await objectionsTo(token, rules, (decoded) => checkSignature(token, decoded, rules, findKey)).next()
  if (!step.done) throw tokenRefused(step.value.reason, step.value.expected)
  if (step.value === null) throw tokenRefused('jose_refused')
  return step.value
}

/**
 * Yields every objection to a token, in the order of the checks. The verification stops at the first, and an explanation collects all
 * of them. Both use this function, so they cannot disagree.
 *
 * @returns the verified token, or null if there was an objection
 */
export async function* objectionsTo(
  token: string,
  rules: TokenRules,
  signature: (decoded: DecodedToken) => Promise<Objection | null>,
): AsyncGenerator<Objection, VerifiedToken | null, undefined> {
  const decoded = decodeUnverified(token)
  if ('reason' in decoded) {
    yield decoded
    return null
  }

  let clean = true
  for (const check of headerChecks) {
    const objection = check(decoded)
    if (objection) {
      clean = false
      yield objection
    }
  }

  // A key is looked up only for a header without objections: the lookup may send a request to the issuer.
  const unsigned = clean ? await signature(decoded) : null
  if (unsigned) {
    clean = false
    if (unsigned.reason !== 'jose_refused') yield unsigned
  }

  let claimsClean = true
  for (const check of claimChecks) {
    const objection = check(decoded.claims, rules)
    if (objection) {
      claimsClean = false
      yield objection
    }
  }
  // The checks above explain an objection better than jose does. jose's error is used only if they have no objection.
  if (unsigned?.reason === 'jose_refused' && claimsClean) yield unsigned

  const times = readTimes(decoded.claims)
  return clean && claimsClean && times ? { identity: identityOf(decoded.claims), times } : null
}

/**
 * Verifies the signature with the issuer's key. jose also checks the claims in its own way.
 *
 * @returns null, or the objection; `jose_refused` if the signature is valid and jose objects to something else
 * @throws AuthRefusal 503 if there are no keys, or after an unexpected error
 */
export async function checkSignature(
  token: string,
  { header }: DecodedToken,
  { settings, now }: TokenRules,
  findKey: FindKey,
): Promise<Objection | null> {
  try {
    const key = await findKey(String(header.kid))
    if (key === null) return unknownKey
    await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer: settings.issuer,
      audience: settings.audience,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: now,
    })
    return null
  } catch (error) {
    if (error instanceof KeysUnavailable) throw authUnavailable('keys_unavailable', error.retryAfterSeconds, error)
    if (error instanceof errors.JWSSignatureVerificationFailed) return wrongSignature
    if (error instanceof errors.JOSEError) return { ...joseRefused, found: error.message }
    throw authUnavailable('verification_failed', 5, error)
  }
}

const unknownKey: Objection = {
  reason: 'kid_unknown',
  expected: 'a kid of the issuer’s published keys',
  found: 'a kid that is not among them',
  remedy: 'the token is from another issuer, or its key was revoked; sign in again',
}

const wrongSignature: Objection = {
  reason: 'signature_wrong',
  expected: 'a signature by the issuer',
  found: 'a signature that does not match the key named in the header',
  remedy: 'copy the token unchanged, or sign in again',
}

const joseRefused: Objection = {
  reason: 'jose_refused',
  expected: 'a token that the library jose accepts',
  found: '',
  remedy: 'see the message of jose',
}
