import { badInput } from '../lib/errors.ts'

const longest = 500
/** White space and controls, which browsers drop from addresses, and the backslash, which they take for a slash. */
// eslint-disable-next-line no-control-regex
const treacherous = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff\\]/

/** Says on the page that one comes back to how the payment went. */
const outcome = 'checkout'

/**
 * Where the payment provider sends people back to: a page of our site and nowhere else, or its pages would lend their good
 * name to anybody's. A mark of an earlier return is taken off.
 *
 * @param returnTo `/path`, or an address of the site
 * @param siteUrl  the site's origin
 * @returns the whole address
 * @throws BAD_USER_INPUT, with the same text whatever is wrong with it
 */
export function returnAddress(returnTo: string, siteUrl: string): string {
  const isPath = returnTo.startsWith('/') && !returnTo.startsWith('//')
  const decent = returnTo.length <= longest && !treacherous.test(returnTo) && returnTo.isWellFormed()
  if (!decent || !URL.canParse(returnTo, isPath ? siteUrl : undefined)) throw refused()
  const address = new URL(returnTo, isPath ? siteUrl : undefined)
  // Not its `origin`: that of `blob:https://…` is ours as well. Names and passwords would stand in between.
  if (!address.href.startsWith(`${siteUrl}/`)) throw refused()
  if (address.searchParams.has(outcome)) address.searchParams.delete(outcome)
  return address.href
}

/** The same page, told how it went. */
export function returningWith(how: 'done' | 'back', address: string): string {
  const marked = new URL(address)
  marked.searchParams.set(outcome, how)
  return marked.href
}

const refused = () => badInput(`returnTo is a path of the site, such as /account/, of at most ${longest} characters.`)
