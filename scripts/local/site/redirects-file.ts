import { eachLine } from './lines.ts'
import { parsePattern, type PathPattern } from './path-pattern.ts'

const statuses = [200, 301, 302] as const

/** A line of `_redirects`: it counts where no file has the name that is asked for, and the first that matches counts. */
export interface RedirectRule {
  readonly from: PathPattern
  /** A path of this site; `:splat` in it is what the `*` of `from` stands for. */
  readonly to: string
  /** 200: the file at `to`, under the address that was asked for. */
  readonly status: (typeof statuses)[number]
}

/**
 * Reads the format of static hosts: from, to and status on a line. The status must be said: hosts differ in what they take a
 * line without one for.
 *
 * @throws Error naming the line that cannot be read
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

/** Browsers take two slashes, or a slash and a backslash, for the beginning of another site. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])/.test(path)
