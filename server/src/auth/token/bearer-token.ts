import { requestRefused, tokenRefused } from '../auth-refusal.ts'

/** RFC 9110, section 11.1: the scheme is case-insensitive. RFC 6750, section 2.1: spaces, then the token. */
const bearer = /^bearer(?: +([^ ].*))?$/is

/**
 * Reads the access token from a request's headers. Tokens in the query string or the body are ignored, because logs may contain
 * both.
 *
 * @param rawHeaders Node's flat list of names and values. In `request.headers` Node keeps only the first of two Authorization
 *   headers, and a proxy may have checked the second
 * @returns the token, unverified, or null if there is no Authorization header
 * @throws AuthRefusal 400 for two tokens, 401 for another scheme or an empty header. Such a request is not anonymous
 */
export function readBearerToken(rawHeaders: readonly string[]): string | null {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  )
  const [value] = values
  if (value === undefined) return null
  // A proxy may join two headers with a comma. No token contains a comma.
  if (values.length > 1 || value.includes(',')) throw requestRefused('authorization_repeated')

  const match = bearer.exec(value.trim())
  if (!match) throw tokenRefused('scheme_not_bearer', 'Bearer')
  const token = match[1] ?? ''
  if (token === '') throw tokenRefused('token_missing')
  return token
}
