import { badInput } from '../../lib/errors.ts'

const maxCharacters = 500
/** Browsers drop white space and control characters from an address and read a backslash as a slash. */
const misleadingCharacter = /[\p{Cc}\p{Cs}\p{Z}\ufeff\\]/u
/** An empty segment, `.`, `..`, a control character or a backslash. Two programs may parse such a path differently. */
const ambiguousPath = /[\p{Cc}\\]|\/\.{0,2}\/|\/\.{1,2}$/u

/** The query parameter with the outcome of the payment. */
const outcome = 'checkout'

/**
 * Returns the absolute address to which the payment provider sends a reader back. Accepts only pages of the site, because the
 * provider's page would otherwise be an open redirect. Removes the outcome of an earlier return.
 *
 * The site applies the same rule to its own return addresses. `docs/contract/return-addresses.json` is the test table of both.
 *
 * @param returnTo `/path`, or an absolute address of the site
 * @param siteUrl  the site's origin
 * @throws BAD_USER_INPUT with one message for all invalid addresses
 */
export function returnAddress(returnTo: string, siteUrl: string): string {
  const address = siteAddress(returnTo, siteUrl)
  if (address === null) throw refused()
  if (address.searchParams.has(outcome)) address.searchParams.delete(outcome)
  return address.href
}

/** Parses an address of the site. Returns null for any other text. */
function siteAddress(text: string, origin: string): URL | null {
  if (text.length > maxCharacters || misleadingCharacter.test(text)) return null
  const base = text.startsWith('/') ? origin : undefined
  if (!URL.canParse(text, base)) return null
  const address = new URL(text, base)
  // `URL.origin` omits a user name, and for `blob:` it is the inner origin. The prefix of `href` excludes both.
  if (!address.href.startsWith(`${origin}/`)) return null
  const [path = ''] = text.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const isPlain = path === '' || (path.startsWith('/') && isPlainPath(path))
  return isPlain ? address : null
}

/** Checks a path as written and after each decoding, because hosts and proxies decode a path once or twice. */
function isPlainPath(path: string): boolean {
  if (ambiguousPath.test(path)) return false
  const decoded = path.replace(/%[0-7][\da-f]/gi, decodeURIComponent)
  return decoded === path || isPlainPath(decoded)
}

/** Returns the same page with the outcome of the payment in its query. */
export function returningWith(how: 'done' | 'back', address: string): string {
  const marked = new URL(address)
  marked.searchParams.set(outcome, how)
  return marked.href
}

const refused = () =>
  badInput(`returnTo must be a path of the site, such as /account/, with at most ${maxCharacters} characters.`)
