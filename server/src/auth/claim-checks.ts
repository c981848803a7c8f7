import type { JsonObject } from './decode-token.ts'
import { shown, shownTime, type Objection } from './objection.ts'
import { clockToleranceSeconds, type TokenRules } from './token-rules.ts'

type ClaimCheck = (claims: JsonObject, rules: TokenRules) => Objection | null

/** The times of a token, in seconds since 1970. */
export interface TokenTimes {
  readonly exp: number
  readonly iat: number
  readonly nbf: number | undefined
}

/** What the claims must say, in order. jose checks most of this too; what it lets pass is marked. */
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

/** Exactly as configured, the final slash included: a prefix or another spelling is another issuer. */
function checkIssuer({ iss }: JsonObject, { settings }: TokenRules): Objection | null {
  if (iss === settings.issuer) return null
  return {
    reason: 'iss_wrong',
    expected: `iss ${settings.issuer}`,
    found: `iss is ${shown(iss)}`,
    mend: `sign in at ${settings.issuer}, or set AUTH0_DOMAIN (or AUTH_ISSUER) to the issuer of this token, with its final slash`,
  }
}

/** Tells an ID token, too: that one is made for the client. Auth0 lists its /userinfo beside the API. */
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
    found: `aud is ${shown(aud)}${isIdToken ? ', and it looks like an ID token' : ''}`,
    mend: isIdToken
      ? `send the access token, not the ID token; ask for audience=${audience} when signing in`
      : `set AUTH0_AUDIENCE to the API of this token, or ask for audience=${audience} when signing in`,
  }
}

/** Not checked by jose: `exp: 1e400` is Infinity, a number that never comes. */
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
  found: `${name} is ${shown(value)}`,
  mend: `the issuer must write ${name} as a whole number of seconds`,
})

/** Null where `checkTimeFormats` objects. */
export function readTimes({ exp, iat, nbf }: JsonObject): TokenTimes | null {
  if (!isTime(exp) || !isTime(iat)) return null
  if (nbf !== undefined && !isTime(nbf)) return null
  return { exp, iat, nbf }
}

/** Whether it is the token's time. Asked anew whenever a remembered token is used again. */
export function checkTimes({ exp, iat, nbf }: TokenTimes, { now }: Pick<TokenRules, 'now'>): Objection | null {
  const nowSeconds = Math.floor(now.getTime() / 1000)
  const clockHint = `check the clock of this machine, which shows ${shownTime(nowSeconds)}`
  if (exp <= nowSeconds - clockToleranceSeconds) {
    return {
      reason: 'token_expired',
      expected: 'an exp in the future',
      found: `exp is ${shownTime(exp)}`,
      mend: `get a new token; if this token is new, ${clockHint}`,
    }
  }
  if (nbf !== undefined && nbf > nowSeconds + clockToleranceSeconds) {
    return {
      reason: 'token_not_yet_valid',
      expected: 'an nbf in the past',
      found: `nbf is ${shownTime(nbf)}`,
      mend: clockHint,
    }
  }
  // Not checked by jose.
  if (iat > nowSeconds + clockToleranceSeconds) {
    return {
      reason: 'iat_in_future',
      expected: 'an iat in the past',
      found: `iat is ${shownTime(iat)}`,
      mend: clockHint,
    }
  }
  return null
}

/** A token cannot be called back; how long a stolen one serves is ours to bound, not the issuer's. */
function checkLifetime(claims: JsonObject, { settings }: TokenRules): Objection | null {
  const times = readTimes(claims)
  if (!times || times.exp - times.iat <= settings.tokenMaxLifetimeSeconds) return null
  return {
    reason: 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS',
    expected: `a lifetime of at most TOKEN_MAX_LIFETIME_SECONDS, ${settings.tokenMaxLifetimeSeconds}`,
    found: `exp is ${times.exp - times.iat} seconds after iat`,
    mend: "shorten the token lifetime in the API's settings at Auth0, or raise TOKEN_MAX_LIFETIME_SECONDS",
  }
}

/** The subject becomes a key in the database, which takes neither NUL nor half a character. jose takes any value. */
function checkSubject({ sub }: JsonObject): Objection | null {
  if (typeof sub === 'string' && sub.length >= 1 && sub.length <= 255 && !/[\p{Cc}\p{Cs}]/u.test(sub)) return null
  return {
    reason: 'sub_invalid',
    expected: 'a sub of 1 to 255 characters, none of them a control character',
    found: `sub is ${shown(sub)}`,
    mend: 'the issuer must set sub to the user or program of the token',
  }
}
