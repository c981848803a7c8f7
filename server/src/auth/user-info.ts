import { z } from 'zod'
import { abortAfter } from '../lib/deadline.ts'
import { FetchProblem, fetchJson } from './keys/fetch-json.ts'
import type { FetchReason } from './types.ts'

/** A member's profile from the identity provider. It is displayed, and never used to find a member. */
interface UserInfo {
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  /** An https address, or http on this machine. */
  readonly picture: string | null
}

type UserInfoReason =
  | FetchReason
  /** The token belongs to a program or lacks the scope `openid`. No request was made. */
  | 'not_allowed'
  /** The issuer has no user info endpoint, or its discovery document is unavailable. */
  | 'no_endpoint'
  /** The response is about another subject (OpenID Connect Core 1.0, section 5.3.2). */
  | 'wrong_subject'

export type UserInfoResult =
  | { readonly ok: true; readonly userInfo: UserInfo }
  | { readonly ok: false; readonly reason: UserInfoReason; readonly status?: number }

const limitMilliseconds = 2_000
const maxBytes = 64 * 1024

/**
 * Fetches the profile of an access token's user. The result is not cached, and the caller must respect the provider's rate limits.
 *
 * @param subject the subject of the token
 * @returns the profile or the reason of the failure, within 2 seconds
 */
export async function fetchUserInfo(endpoint: string, token: string, subject: string): Promise<UserInfoResult> {
  try {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await abortAfter(limitMilliseconds, (signal) => fetchJson(endpoint, { signal, maxBytes, headers }))
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

/** Control characters, lone surrogates and bidirectional controls. */
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

/** Accepts only addresses that are safe in a page, so not `javascript:` and the like. */
function readPicture(value: string): string | null {
  if (value.length > 2048 || !URL.canParse(value)) return null
  const { protocol, hostname, username, password, href } = new URL(value)
  if (username !== '' || password !== '') return null
  const local = protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  return protocol === 'https:' || local ? href : null
}

/** Parses a claim on its own. An invalid value becomes null and does not invalidate the others. */
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
