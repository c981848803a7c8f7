import type { DecodedToken } from './decode-token.ts'
import { quote, type Objection } from './objection.ts'
import { algorithm } from './token-rules.ts'

type HeaderCheck = (token: DecodedToken) => Objection | null

/**
 * The checks of the header, in order. They run before any key is looked up, because a forger controls the header: it must not choose
 * the algorithm, supply a key or cause a request to the issuer.
 */
export const headerChecks: readonly HeaderCheck[] = [
  checkType,
  checkAlgorithm,
  checkEmbeddedKeys,
  checkCritical,
  checkPayloadEncoding,
  checkKeyId,
  checkSignaturePresent,
]

/** RFC 9068, section 2.1, requires at+jwt; Auth0's own profile uses JWT. Media types ignore case (RFC 7515, section 4.1.9). */
function checkType({ header }: DecodedToken): Objection | null {
  const { typ } = header
  if (typ === undefined) return null
  if (typeof typ === 'string' && ['jwt', 'at+jwt', 'application/at+jwt'].includes(typ.toLowerCase())) return null
  return {
    reason: 'typ_not_accepted',
    expected: 'typ JWT, at+jwt, application/at+jwt, or none',
    found: `typ is ${quote(typ)}`,
    remedy: 'send an access token; this is a token of another kind',
  }
}

function checkAlgorithm({ header }: DecodedToken): Objection | null {
  if (header.alg === algorithm) return null
  return {
    reason: 'alg_not_allowed',
    expected: `alg ${algorithm}`,
    found: `alg is ${quote(header.alg)}`,
    remedy: `in the Auth0 dashboard, set the API's signing algorithm to ${algorithm}`,
  }
}

/** RFC 8725, section 3.10: the sender controls keys and addresses in the header. They are never used or fetched. */
function checkEmbeddedKeys({ header }: DecodedToken): Objection | null {
  const names = ['jwk', 'jku', 'x5u', 'x5c'].filter((name) => Object.hasOwn(header, name))
  if (names.length === 0) return null
  return {
    reason: 'header_names_a_key',
    expected: 'no jwk, jku, x5u or x5c in the header',
    found: `the header has ${names.join(', ')}`,
    remedy: 'the issuer must publish its key instead of sending it in the token',
  }
}

/** RFC 7515, section 4.1.11: a token with an unknown critical extension is invalid. */
function checkCritical({ header }: DecodedToken): Objection | null {
  if (!Object.hasOwn(header, 'crit')) return null
  return {
    reason: 'header_critical',
    expected: 'no crit in the header',
    found: `crit is ${quote(header.crit)}`,
    remedy: 'the issuer must not mark header members as critical',
  }
}

/**
 * RFC 7797, section 7: JSON Web Tokens must not use `b64`. A library that honours it without `crit` would verify other bytes than the ones
 * that are decoded here.
 */
function checkPayloadEncoding({ header }: DecodedToken): Objection | null {
  if (!Object.hasOwn(header, 'b64')) return null
  return {
    reason: 'header_payload_encoding',
    expected: 'no b64 in the header',
    found: `b64 is ${quote(header.b64)}`,
    remedy: 'the issuer must encode the claims as base64url, as every JSON Web Token does',
  }
}

/** Requires `kid`. A token without it would match a single published key, and keys could not be told apart during a rotation. */
function checkKeyId({ header }: DecodedToken): Objection | null {
  const { kid } = header
  if (typeof kid === 'string' && kid.length >= 1 && kid.length <= 256 && !/[\p{Cc}\p{Cs}]/u.test(kid)) return null
  return {
    reason: 'kid_invalid',
    expected: 'a kid of 1 to 256 characters',
    found: `kid is ${quote(kid)}`,
    remedy: 'the issuer must set kid to the id of the signing key',
  }
}

function checkSignaturePresent({ hasSignature }: DecodedToken): Objection | null {
  if (hasSignature) return null
  return {
    reason: 'signature_missing',
    expected: 'a signature',
    found: 'an empty third part',
    remedy: 'copy the whole token',
  }
}
