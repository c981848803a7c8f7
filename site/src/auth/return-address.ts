import { callbackPath } from './auth-client.ts'

/** Where to go back to after signing in. It travels through the SDK's transaction, in this browser. */
export interface ReturnAddress {
  /** Path, query and fragment. */
  readonly to: string
  /** Pixels from the top of the page. */
  readonly place: number
}

export const home: ReturnAddress = { to: '/', place: 0 }

/**
 * Takes what came back for an address of ours. Anything that would lead to another origin, or to the callback again, leads
 * home: an open redirect would lend a stranger's page our good name.
 *
 * @param origin of this site
 */
export function readReturnAddress(value: unknown, origin: string): ReturnAddress {
  if (typeof value !== 'object' || value === null || !('to' in value)) return home
  const { to } = value
  if (typeof to !== 'string' || !to.startsWith('/') || !URL.canParse(to, origin)) return home
  const address = new URL(to, origin)
  // `/.//evil.example` is of this origin, and what is left of it, `//evil.example`, is not.
  if (address.origin !== origin || address.pathname.startsWith('//')) return home
  if (leadsToCallback(address.pathname)) return home
  const place = 'place' in value ? Number(value.place) : 0
  return {
    to: `${address.pathname}${address.search}${address.hash}`,
    place: Number.isFinite(place) && place > 0 ? place : 0,
  }
}

/** Also written otherwise: the host decodes an address, and adds the slash at its end. */
function leadsToCallback(pathname: string): boolean {
  try {
    return `${decodeURIComponent(pathname)}/`.startsWith(callbackPath)
  } catch {
    // Not UTF-8: nobody finds a page by it.
    return false
  }
}

/** Where the reader is now. */
export function presentAddress(): ReturnAddress {
  const { pathname, search, hash, origin } = window.location
  return readReturnAddress({ to: `${pathname}${search}${hash}`, place: Math.round(window.scrollY) }, origin)
}

/** Of a question that nobody asked for: a page that is loaded anew wants to know who reads. */
export const silently = (address: ReturnAddress): ReturnAddress & { silent: true } => ({ ...address, silent: true })

export const isSilent = (appState: unknown): boolean =>
  typeof appState === 'object' && appState !== null && 'silent' in appState && appState.silent === true
