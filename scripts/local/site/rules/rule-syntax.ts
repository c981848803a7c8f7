// The syntax that `_headers` and `_redirects` have in common.

/** A line of `_headers` or `_redirects`. */
export interface Line {
  readonly indented: boolean
  readonly text: string
}

/**
 * Calls a function with each line that is neither empty nor a comment.
 *
 * @param name of the file
 * @throws the error of `take`, with the name and the line number
 */
export function eachLine(name: string, content: string, take: (line: Line) => void): void {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    try {
      take({ indented: /^\s/.test(line), text })
    } catch (error) {
      if (error instanceof Error) error.message = `${name}, line ${index + 1}: ${error.message}.`
      throw error
    }
  }
}

/** The paths that a line applies to. */
export interface PathPattern {
  readonly before: string
  /** The text after the `*`. Null: there is no `*`, and only this path matches. */
  readonly after: string | null
}

/**
 * Parses `/a/path/` or `/a/*`. Static hosts agree on a single `*` and on nothing else. Everything that hosts interpret differently is
 * refused, so that no rule works on this machine only.
 *
 * @throws Error that names the problem
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
 * Matches a path.
 *
 * @param pathname decoded
 * @returns the text that the `*` stands for, an empty string if there is no `*`, or null if the pattern does not match
 */
export function matchPath({ before, after }: PathPattern, pathname: string): string | null {
  if (after === null) return pathname === before ? '' : null
  const fits = pathname.length >= before.length + after.length
  if (!fits || !pathname.startsWith(before) || !pathname.endsWith(after)) return null
  return pathname.slice(before.length, pathname.length - after.length)
}
