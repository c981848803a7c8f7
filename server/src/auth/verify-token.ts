import { errors, jwtVerify, type CryptoKey } from 'jose'
import { authUnavailable, tokenRefused } from './auth-refusal.ts'
import { claimChecks, readTimes, type TokenTimes } from './claim-checks.ts'
import { decodeUnverified, type DecodedToken } from './decode-token.ts'
import { headerChecks } from './header-checks.ts'
import type { Identity } from './identity.ts'
import { KeysUnavailable } from './key-set.ts'
import type { Objection } from './objection.ts'
import { identityOf } from './token-identity.ts'
import { algorithm, clockToleranceSeconds, type TokenRules } from './token-rules.ts'

export type FindKey = (kid: string) => Promise<CryptoKey | null>

/** A token that nothing is wrong with. */
export interface VerifiedToken {
  /** Null for a verified anonymous session. */
  readonly identity: Identity | null
  readonly times: TokenTimes
}

/**
 * Says who a token speaks for, or refuses it.
 *
 * @param findKey the issuer's key by its `kid`; asked only when the header is in order
 * @throws AuthRefusal 401 with the reason of the first objection; 503 when there are no keys to judge by
 */
export async function verifyToken(token: string, rules: TokenRules, findKey: FindKey): Promise<VerifiedToken> {
  const step = await objectionsTo(token, rules, (decoded) => checkSignature(token, decoded, rules, findKey)).next()
  if (!step.done) throw tokenRefused(step.value.reason, step.value.expected)
  if (step.value === null) throw tokenRefused('jose_refused')
  return step.value
}

/**
 * Everything that is wrong with a token, in the order it is looked at. Verification stops at the first, an explanation
 * takes them all: one list, so the two cannot disagree.
 *
 * @returns the verified token, only if there was no objection at all
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

  // Only a header in order may make us look for a key.
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
  // Ours say in words what jose says in its own; what only jose minds is refused all the same.
  if (unsigned?.reason === 'jose_refused' && claimsClean) yield unsigned

  const times = readTimes(decoded.claims)
  return clean && claimsClean && times ? { identity: identityOf(decoded.claims), times } : null
}

/**
 * Verifies the signature with the issuer's key, and lets jose check the claims in its own way as well.
 *
 * @returns `jose_refused` when the signature is right and jose minds something else
 * @throws AuthRefusal 503: no keys, or a fault of ours
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
  mend: 'the token is from another issuer, or its key was revoked; sign in again',
}

const wrongSignature: Objection = {
  reason: 'signature_wrong',
  expected: 'a signature by the issuer',
  found: 'a signature that does not match the key named in the header',
  mend: 'copy the token unchanged, or sign in again',
}

const joseRefused: Objection = {
  reason: 'jose_refused',
  expected: 'a token that the library jose accepts',
  found: '',
  mend: 'see the message of jose',
}
