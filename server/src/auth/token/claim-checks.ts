import type { JsonObject } from '../../lib/json.ts'
import { quote, formatSeconds, type Objection } from './objection.ts'
import { clockToleranceSeconds, type TokenRules } from './token-rules.ts'

type ClaimCheck = (claims: JsonObject, rules: TokenRules) => Objection | null

/** The times of a token, in seconds since 1970. */
export interface TokenTimes {
  readonly exp: number
  readonly iat: number
  readonly nbf: number | undefined
}

/** The checks of the claims, in order. jose repeats most of them. Comments mark the checks that jose lacks. */
export const claimChecks: readonly ClaimCheck[] = [
  checkIssuer,
  checkAudience,
  checkTimeFormats,
  (claims, rules) => {
    const times = readTimes(claims)
    return times && checkTimes(times, rules)
  },
  checkLifetime,
  checkSubject,
]

/** Requires the configured issuer exactly, including the final slash. Another spelling is another issuer. */
function checkIssuer({ iss }: JsonObject, { settings }: TokenRules): Objection | null {
  if (iss === settings.issuer) return null
  return {
    reason: 'iss_wrong',
    expected: `iss ${settings.issuer}`,
    found: `iss is ${quote(iss)}`,
    remedy: `sign in at ${settings.issuer}, or set AUTH0_DOMAIN (or AUTH_ISSUER) to the issuer of this token, with its final slash`,
  }
}

/** Requires the API as an audience. Auth0 lists its /userinfo endpoint beside it. An ID token has the client as its audience. */
function checkAudience(
  { aud, nonce, at_hash: accessTokenHash }: JsonObject,
  { settings }: TokenRules,
): Objection | null {
  const { audience } = settings
  if (aud === audience) return null
  if (Array.isArray(aud) && aud.every((each) => typeof each === 'string') && aud.includes(audience)) return null
  const isIdToken = nonce !== undefined || accessTokenHash !== undefined
  return {
    reason: 'aud_wrong',
    expected: `aud ${audience}`,
    found: `aud is ${quote(aud)}${isIdToken ? ', and it looks like an ID token' : ''}`,
    remedy: isIdToken
      ? `send the access token, not the ID token; ask for audience=${audience} when signing in`
      : `set AUTH0_AUDIENCE to the API of this token, or ask for audience=${audience} when signing in`,
  }
}

/** Not checked by jose: `exp: 1e400` is Infinity, so the token would never expire. */
const isTime = (value: unknown): value is number => Number.isSafeInteger(value)

function checkTimeFormats({ exp, iat, nbf }: JsonObject): Objection | null {
  if (!isTime(exp)) return badTime('exp', 'exp_invalid', exp)
  if (!isTime(iat)) return badTime('iat', 'iat_invalid', iat)
  if (nbf !== undefined && !isTime(nbf)) return badTime('nbf', 'nbf_invalid', nbf)
  return null
}

const badTime = (name: string, reason: 'exp_invalid' | 'iat_invalid' | 'nbf_invalid', value: unknown): Objection => ({
  reason,
  expected: `${name} in whole seconds since 1970`,
  found: `${name} is ${quote(value)}`,
  remedy: `the issuer must write ${name} as a whole number of seconds`,
})

/** Reads the times of a token, or null if `checkTimeFormats` would object. */
export function readTimes({ exp, iat, nbf }: JsonObject): TokenTimes | null {
  if (!isTime(exp) || !isTime(iat)) return null
  if (nbf !== undefined && !isTime(nbf)) return null
  return { exp, iat, nbf }
}

/** Checks that the token is valid now. It also runs each time that a cached token is used. */
export function checkTimes({ exp, iat, nbf }: TokenTimes, { now }: Pick<TokenRules, 'now'>): Objection | null {
  const nowSeconds = Math.floor(now.getTime() / 1000)
  const clockHint = `check the clock of this machine, which shows ${formatSeconds(nowSeconds)}`
  if (exp <= nowSeconds - clockToleranceSeconds) {
    return {
      reason: 'token_expired',
      expected: 'an exp in the future',
      found: `exp is ${formatSeconds(exp)}`,
      remedy: `get a new token; if this token is new, ${clockHint}`,
    }
  }
  if (nbf !== undefined && nbf > nowSeconds + clockToleranceSeconds) {
    return {
      reason: 'token_not_yet_valid',
      expected: 'an nbf in the past',
      found: `nbf is ${formatSeconds(nbf)}`,
      remedy: clockHint,
    }
  }
  // Not checked by jose.
  if (iat > nowSeconds + clockToleranceSeconds) {
    return {
      reason: 'iat_in_future',
      expected: 'an iat in the past',
      found: `iat is ${formatSeconds(iat)}`,
      remedy: clockHint,
    }
  }
  return null
}

/** Limits the lifetime of a token. An access token cannot be revoked, so the limit bounds how long a stolen one works. */
function checkLifetime(claims: JsonObject, { settings }: TokenRules): Objection | null {
  const times = readTimes(claims)
  if (!times || times.exp - times.iat <= settings.tokenMaxLifetimeSeconds) return null
  return {
    reason: 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS',
    expected: `a lifetime of at most TOKEN_MAX_LIFETIME_SECONDS, ${settings.tokenMaxLifetimeSeconds}`,
    found: `exp is ${times.exp - times.iat} seconds after iat`,
    remedy: "shorten the token lifetime in the API's settings at Auth0, or raise TOKEN_MAX_LIFETIME_SECONDS",
  }
}

/** Checks the subject, which becomes a key in the database. PostgreSQL refuses NUL and lone surrogates. jose accepts any value. */
function checkSubject({ sub }: JsonObject): Objection | null {
  if (typeof sub === 'string' && sub.length >= 1 && sub.length <= 255 && !/[\p{Cc}\p{Cs}]/u.test(sub)) return null
  return {
    reason: 'sub_invalid',
    expected: 'a sub of 1 to 255 characters, none of them a control character',
    found: `sub is ${quote(sub)}`,
    remedy: 'the issuer must set sub to the user or program of the token',
  }
}
