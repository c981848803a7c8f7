import { eachLine, parsePattern, type PathPattern } from './rule-syntax.ts'

const statuses = [200, 301, 302] as const

/** A line of `_redirects`. It applies if no file has the requested name, and the first matching line applies. */
export interface RedirectRule {
  readonly from: PathPattern
  /** A path of this site. `:splat` in it stands for the text of the `*` in `from`. */
  readonly to: string
  /** 200: the file at `to` under the requested address. */
  readonly status: (typeof statuses)[number]
}

/**
 * Parses the format of static hosts: from, to and status on a line. The status is required, because hosts have different defaults.
 *
 * @throws Error that names the first invalid line
 */
export function parseRedirects(content: string): RedirectRule[] {
  const rules: RedirectRule[] = []
  eachLine('_redirects', content, ({ text }) => {
    const [from = '', to = '', said = '', ...more] = text.replace(/\s+#.*$/, '').split(/\s+/)
    const status = statuses.find((known) => String(known) === said)
    if (status === undefined) throw new Error(`the value after the two paths must be one of ${statuses.join(', ')}`)
    if (more.length > 0) throw new Error('conditions are not supported')
    if (!isOwnPath(to) || to.includes('#')) throw new Error(`"${to}" is not a path of this site`)
    if (status === 200 && to.includes('?')) throw new Error(`"${to}" is not a file of this site`)
    rules.push({ from: parsePattern(from), to, status })
  })
  return rules
}

/** Tells whether a path stays on this site. Browsers read two slashes, or a slash and a backslash, as another site. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])/.test(path)
