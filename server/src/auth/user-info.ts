import { z } from 'zod'
import { FetchProblem, fetchJson, withDeadline } from './fetch-json.ts'
import type { FetchReason } from './types.ts'

/** A member's profile, as the identity provider tells it. Shown to people, never used to find a member. */
export interface UserInfo {
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  /** An https address (http for this machine). */
  readonly picture: string | null
}

export type UserInfoReason =
  | FetchReason
  /** The token may not read a profile: a program's, or without scope `openid`. Nothing was asked. */
  | 'not_allowed'
  /** The issuer has no user info endpoint, or could not be asked for it. */
  | 'no_endpoint'
  /** It answered about somebody else (OpenID Connect Core 1.0, section 5.3.2). */
  | 'wrong_subject'

export type UserInfoResult =
  | { readonly ok: true; readonly userInfo: UserInfo }
  | { readonly ok: false; readonly reason: UserInfoReason; readonly status?: number }

const limitMilliseconds = 2_000
const maxBytes = 64 * 1024

/**
 * Asks the identity provider for the profile behind an access token. Nothing is remembered and nothing held back: whoever
 * calls minds the provider's limits.
 *
 * @param subject whom the token is for
 * @returns within 2 seconds, a failure as data
 */
export async function fetchUserInfo(endpoint: string, token: string, subject: string): Promise<UserInfoResult> {
  try {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await withDeadline(limitMilliseconds, (signal) => fetchJson(endpoint, { signal, maxBytes, headers }))
    return readUserInfo(answer, subject)
  } catch (error) {
    if (!(error instanceof FetchProblem)) throw error
    return { ok: false, reason: error.reason, ...(error.status !== undefined && { status: error.status }) }
  }
}

function readUserInfo(answer: unknown, subject: string): UserInfoResult {
  const parsed = profile.safeParse(answer)
  if (!parsed.success) return { ok: false, reason: 'not_json' }
  const { sub, name, nickname, email, email_verified: emailVerified, picture } = parsed.data
  if (sub !== subject) return { ok: false, reason: 'wrong_subject' }
  return { ok: true, userInfo: { name: name ?? nickname, email, emailVerified, picture } }
}

/** Controls, half characters, and the marks that turn the direction of the text around them. */
const unfit = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const longestName = 200

function readLine(value: string): string | null {
  const line = [
    ...value
      .slice(0, 4 * longestName)
      .replace(unfit, '')
      .trim(),
  ]
    .slice(0, longestName)
    .join('')
  return line === '' ? null : line
}

function readEmail(value: string): string | null {
  if (value.length > 320) return null
  return /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(value) ? value : null
}

/** A picture's address goes into a page: `javascript:` and the like stay out. */
function readPicture(value: string): string | null {
  if (value.length > 2048 || !URL.canParse(value)) return null
  const { protocol, hostname, username, password, href } = new URL(value)
  if (username !== '' || password !== '') return null
  const local = protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  return protocol === 'https:' || local ? href : null
}

/** A claim that is read by itself: what does not fit is not there. */
const claim = (read: (value: string) => string | null) => z.string().transform(read).nullable().catch(null)

/** OpenID Connect Core 1.0, section 5.1. */
const profile = z.object({
  sub: z.string().nullable().catch(null),
  name: claim(readLine),
  nickname: claim(readLine),
  email: claim(readEmail),
  email_verified: z.boolean().catch(false),
  picture: claim(readPicture),
})
