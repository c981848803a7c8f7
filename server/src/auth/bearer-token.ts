import { requestRefused, tokenRefused } from './auth-refusal.ts'

/** RFC 9110, section 11.1: the scheme is case-insensitive. RFC 6750, section 2.1: spaces, then the token. */
const bearer = /^bearer(?: +([^ ].*))?$/is

/**
 * Takes the access token from a request's headers. Tokens in the query string or in the body are not looked for: those
 * places end in logs.
 *
 * @param rawHeaders Node's flat list of names and values. Not `request.headers`: there Node keeps the first of two
 *   Authorization headers, and a proxy in front may have judged the second
 * @returns the token, unchecked; null when there is no Authorization header
 * @throws AuthRefusal 400 for two tokens, 401 for another scheme or none: whoever sent something is not anonymous
 */
export function readBearerToken(rawHeaders: readonly string[]): string | null {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  )
  const [value] = values
  if (value === undefined) return null
  // Two headers joined on the way here are told by their comma, which no token has.
  if (values.length > 1 || value.includes(',')) throw requestRefused('authorization_repeated')

  const match = bearer.exec(value.trim())
  if (!match) throw tokenRefused('scheme_not_bearer', 'Bearer')
  const token = match[1] ?? ''
  if (token === '') throw tokenRefused('token_missing')
  return token
}
