/** Paths that a line of `_headers` or `_redirects` is about. */
export interface PathPattern {
  readonly before: string
  /** What follows the `*`; null: there is none, and the path is this one. */
  readonly after: string | null
}

/**
 * Reads `/a/path/` or `/a/*`. Static hosts agree on one `*` and no more, and on nothing else: what they would take differently
 * is refused here, so that it does not work on this machine alone.
 *
 * @throws Error naming what is wrong
 */
export function parsePattern(text: string): PathPattern {
  if (!text.startsWith('/')) throw new Error(`"${text}" is not a path: it must start with "/"`)
  if (text.includes(':')) throw new Error(`"${text}": placeholders are not supported`)
  const [before = '', after = null, ...more] = text.split('*').map(decode)
  if (more.length > 0) throw new Error(`"${text}" has more than one "*"`)
  return { before, after }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(`"${text}" has an invalid percent encoding`)
  }
}

/**
 * @param pathname decoded
 * @returns what the `*` stands for, an empty string if the pattern has none; null if the pattern does not match
 */
export function matchPath({ before, after }: PathPattern, pathname: string): string | null {
  if (after === null) return pathname === before ? '' : null
  const fits = pathname.length >= before.length + after.length
  if (!fits || !pathname.startsWith(before) || !pathname.endsWith(after)) return null
  return pathname.slice(before.length, pathname.length - after.length)
}
