import { currentScrollPosition } from '../ui/scroll-position.ts'
import { callbackPath } from './auth-client.ts'

/** The page to return to after a sign-in. The SDK keeps it in its transaction, in this browser. */
export interface ReturnAddress {
  /** Path, query and fragment. */
  readonly to: string
  /** Pixels from the top of the page. */
  readonly place: number
}

export const home: ReturnAddress = { to: '/', place: 0 }

const maxCharacters = 500
/** Browsers drop white space and control characters from an address and read a backslash as a slash. */
const misleadingCharacter = /[\p{Cc}\p{Cs}\p{Z}\ufeff\\]/u
/** An empty segment, `.`, `..`, a control character or a backslash: two programs may read such a path differently. */
const ambiguousPath = /[\p{Cc}\\]|\/\.{0,2}\/|\/\.{1,2}$/u

/**
 * Parses a return address from the SDK's transaction or from the state of a page. Text that is no page of this site, and the callback
 * page, become `home`, so that the site is no open redirect.
 *
 * The API applies the same rule to `returnTo`; `docs/contract/return-addresses.json` is the test table of both.
 *
 * @param origin of this site
 */
export function readReturnAddress(value: unknown, origin: string): ReturnAddress {
  if (typeof value !== 'object' || value === null || !('to' in value) || typeof value.to !== 'string') return home
  const address = siteAddress(value.to, origin)
  if (address === null || isCallback(address.pathname)) return home
  const place = 'place' in value ? Number(value.place) : 0
  return {
    to: `${address.pathname}${address.search}${address.hash}`,
    place: Number.isFinite(place) && place > 0 ? place : 0,
  }
}

/** Parses an address of the site. Returns null for any other text. */
function siteAddress(text: string, origin: string): URL | null {
  if (text.length > maxCharacters || misleadingCharacter.test(text)) return null
  const base = text.startsWith('/') ? origin : undefined
  if (!URL.canParse(text, base)) return null
  const address = new URL(text, base)
  // The prefix excludes a user name, which `origin` does not tell, and `blob:`, whose origin is the inner one.
  if (!address.href.startsWith(`${origin}/`)) return null
  const [path = ''] = text.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const isPlain = path === '' || (path.startsWith('/') && isPlainPath(path))
  return isPlain ? address : null
}

/** Checks a path as written and after each decoding: hosts and proxies decode a path once or twice. */
function isPlainPath(path: string): boolean {
  if (ambiguousPath.test(path)) return false
  const decoded = decodeOnce(path)
  return decoded === path || isPlainPath(decoded)
}

/** Decodes escapes of ASCII characters. Only these divide a path. */
const decodeOnce = (path: string): string => path.replace(/%[0-7][\da-f]/gi, decodeURIComponent)

/** The host decodes a path and adds the final slash, so other spellings are the callback page too. */
const isCallback = (pathname: string): boolean => `${decodeOnce(pathname)}/`.startsWith(callbackPath)

/** Returns the present page. A query or fragment that the rule refuses is left out. */
export function currentAddress(): ReturnAddress {
  const { pathname, search, hash, origin } = window.location
  const place = currentScrollPosition()
  const whole = readReturnAddress({ to: `${pathname}${search}${hash}`, place }, origin)
  return whole === home ? readReturnAddress({ to: pathname, place }, origin) : whole
}

/** Marks a sign-in that began with a choice of a plan. The page continues with the choice afterwards. */
export const continuing = (address: ReturnAddress): ReturnAddress & { continues: true } => ({
  ...address,
  continues: true,
})

export const isContinuing = (appState: unknown): boolean =>
  typeof appState === 'object' && appState !== null && 'continues' in appState && appState.continues === true

/** Marks a sign-in that the page started by itself after it was loaded. */
export const silently = (address: ReturnAddress): ReturnAddress & { silent: true } => ({ ...address, silent: true })

export const isSilent = (appState: unknown): boolean =>
  typeof appState === 'object' && appState !== null && 'silent' in appState && appState.silent === true
