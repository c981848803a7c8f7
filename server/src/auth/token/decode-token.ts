import { isObject, type JsonObject } from '../../lib/json.ts'
import { quote, type Objection } from './objection.ts'

export interface DecodedToken {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly hasSignature: boolean
}

/** In characters. Auth0's tokens have 1,000 to 4,000. Node refuses requests whose headers exceed 16 kB. */
export const longestToken = 12_288

/** RFC 7515, section 7.1: two parts and a signature, which `alg: none` leaves empty. */
const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/

/**
 * Decodes a token without verifying it. Anybody can write such a token.
 *
 * @returns the decoded token, or an objection if it is not a JSON Web Token
 */
export function decodeUnverified(token: string): DecodedToken | Objection {
  if (token.length > longestToken) {
    return {
      reason: 'token_too_long',
      expected: `at most ${longestToken} characters`,
      found: `a token of ${token.length} characters`,
      remedy: 'remove permissions or custom claims from the token',
    }
  }
  if (!compact.test(token)) return notJwt(describeShape(token), shapeHint(token))
  const [first = '', second = '', third = ''] = token.split('.')
  const header = decodePart(first)
  if (header === 'reserved_name') return reservedName('header')
  if (header === null) return notJwt('a header that is not a JSON object in base64url', 'copy the whole token')
  const claims = decodePart(second)
  if (claims === 'reserved_name') return reservedName('claims')
  if (claims === null) return notJwt('claims that are not a JSON object in base64url', 'copy the whole token')
  if (!isCanonical(third)) return notJwt('a signature that is not base64url', 'copy the whole token')
  return { header, claims, hasSignature: third !== '' }
}

const notJwt = (found: string, remedy: string): Objection => ({
  reason: 'token_not_a_jwt',
  expected: 'three parts in base64url, separated by dots, without white space',
  found,
  remedy,
})

function describeShape(token: string): string {
  if (/\s/.test(token)) return 'white space in the token'
  const parts = token.split('.').length
  return parts === 3 ? `an empty part or a character that is not base64url in ${quote(token)}` : `${parts} part(s)`
}

function shapeHint(token: string): string {
  const parts = token.split('.').length
  // Auth0 issues an opaque token, or an encrypted one of five parts, when no API was asked for.
  if (parts === 1 || parts === 5) {
    return 'this token is opaque or encrypted; pass the API as `audience` when signing in to get a JSON Web Token'
  }
  return 'copy the whole token and nothing else: no quotes, no line breaks, not the word Bearer'
}

/** Names that can change an object's prototype in code that copies or merges objects. No issuer needs them. */
const reservedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const reservedName = (part: 'header' | 'claims'): Objection => ({
  reason: 'member_name_reserved',
  expected: `no member of the ${part} named ${[...reservedNames].join(', ')}, at any depth`,
  found: `such a member in the ${part}`,
  remedy: 'the issuer must rename the claim',
})

/** Decodes a part. Returns null if it is not a JSON object, and `reserved_name` if an object in it has a reserved name. */
function decodePart(part: string): JsonObject | 'reserved_name' | null {
  if (!isCanonical(part)) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, 'base64url'))
    let reserved = false
    const value: unknown = JSON.parse(text, (name: string, member: unknown) => {
      reserved ||= reservedNames.has(name)
      return member
    })
    if (reserved) return 'reserved_name'
    return isObject(value) ? { ...value } : null
  } catch {
    return null
  }
}

/** Returns whether a part is canonical base64url. Node's decoder ignores invalid characters and left-over bits. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part
