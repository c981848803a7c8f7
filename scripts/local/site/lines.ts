/** What is on a line of `_headers` or `_redirects`. */
export interface Line {
  readonly indented: boolean
  readonly text: string
}

/**
 * Hands over each line that says something: not the empty ones, and no comment.
 *
 * @param name of the file
 * @throws Error that says where, for one that `take` throws
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
