import type { ProblemAt } from './problems.ts'

/**
 * Most characters of one kind in one block, and most levels of containers in one line.
 *
 * CommonMark's rules for emphasis, brackets and containers look back over everything that is open in the same block, so the parser's
 * work grows with the square of their number. Within these limits a block costs milliseconds. Real articles stay far below.
 */
const limits = [
  { what: 'marks of emphasis (* _ ~)', most: 2_000, form: /[*_~]+/g },
  { what: 'brackets', most: 2_000, form: /[[\]]/g },
  { what: 'images', most: 200, form: /!\[/g },
  {
    what: 'levels of quotes and lists in one line',
    most: 100,
    form: /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])(?=[ \t>]|$))+/,
  },
] as const

/**
 * Finds blocks of a Markdown that cost the parser more than their length. The check itself is linear: it passes over each line once
 * for each limit. A block ends at an empty line. Fenced code at the margin is left out, because the parser does not look into it.
 *
 * @returns a problem for each such block, at its first line
 */
export function excessiveWork(markdown: string): ProblemAt[] {
  const problems: ProblemAt[] = []
  const inCode = createFence()
  let counts = limits.map(() => 0)
  let begins = 1
  const end = (next: number): void => {
    const limit = limits[counts.findIndex((count, index) => count > (limits[index]?.most ?? 0))]
    if (limit)
      problems.push({ line: begins, message: `has a block of more than ${limit.most} ${limit.what}; split it` })
    counts = limits.map(() => 0)
    begins = next
  }
  markdown.split('\n').forEach((line, index) => {
    if (inCode(line)) return
    if (line.trim() === '') return end(index + 2)
    counts = limits.map(({ form }, limit) => {
      const before = counts[limit] ?? 0
      if (form.global) return before + (line.match(form)?.length ?? 0)
      return Math.max(before, form.exec(line)?.[0].match(/>|[-+*]|\d+[.)]/g)?.length ?? 0)
    })
  })
  end(1)
  return problems
}

/** Follows fences at the margin. After a line that may begin raw HTML nothing is left out: a fence in it is none. */
function createFence(): (line: string) => boolean {
  let fence: string | null = null
  let sawHtml = false
  return (line) => {
    if (fence !== null) {
      const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
      if (closing?.startsWith(fence)) fence = null
      return true
    }
    if (/^ {0,3}</.test(line)) sawHtml = true
    const opening = sawHtml ? undefined : /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
    fence = opening ?? null
    return fence !== null
  }
}
