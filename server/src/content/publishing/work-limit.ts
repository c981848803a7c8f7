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
 * What the parser looks for the end of, up to the end of the block, from each place where it begins. One that has an end costs its own
 * length; those that have none cost the block's length each.
 */
const spans = [
  { opening: '<!--', closing: '-->' },
  { opening: '<?', closing: '?>' },
  { opening: '<![CDATA[', closing: ']]>' },
  { opening: '<!', closing: '>' },
] as const
const mostUnclosed = 10

/** Runs of ` and $ are closed by runs of the same length only, so each further length is looked for up to the end of the block. */
const mostRunLengths = 10

/**
 * Most quotations and lists of an article that begin behind something else, and lines that go on in one without its sign. The parser
 * writes its list of what it has found anew for each.
 */
const mostContainers = 2_000
const containerSign = /^[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/

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
  let unclosed = spans.map(() => 0)
  let lengths = new Set<number>()
  let containers = 0
  let inContainer = false
  let begins = 1
  const end = (next: number): void => {
    const limit = limits[counts.findIndex((count, index) => count > (limits[index]?.most ?? 0))]
    const span = spans[unclosed.findIndex((count) => count > mostUnclosed)]
    const add = (message: string) => problems.push({ line: begins, message: `has a block ${message}` })
    if (limit) add(`of more than ${limit.most} ${limit.what}; split it`)
    else if (span) add(`of more than ${mostUnclosed} ${span.opening} without ${span.closing}; write &lt; for <`)
    else if (lengths.size > mostRunLengths) add(`with runs of \` or $ in more than ${mostRunLengths} lengths`)
    counts = limits.map(() => 0)
    unclosed = spans.map(() => 0)
    lengths = new Set()
    inContainer = false
    begins = next
  }
  markdown.split('\n').forEach((line, index) => {
    if (inCode(line)) return
    if (line.trim() === '') return end(index + 2)
    const hasSign = containerSign.test(line)
    if (hasSign !== inContainer) containers += 1
    if (containers === mostContainers + 1 && hasSign !== inContainer)
      problems.push({ line: index + 1, message: `has more than ${mostContainers} quotations and lists` })
    inContainer ||= hasSign
    unclosed = spans.map((span, which) => unclosedAfter(line, span, unclosed[which] ?? 0))
    for (const [run] of line.matchAll(/`+|\$+/g)) lengths.add(run.length)
    counts = limits.map(({ form }, limit) => {
      const before = counts[limit] ?? 0
      if (form.global) return before + (line.match(form)?.length ?? 0)
      return Math.max(before, form.exec(line)?.[0].match(/>|[-+*]|\d+[.)]/g)?.length ?? 0)
    })
  })
  end(1)
  return problems
}

/** Counts what is open at the end of a line: what began behind the last end, and all that was open before when there is no end. */
function unclosedAfter(line: string, { opening, closing }: (typeof spans)[number], before: number): number {
  const end = line.lastIndexOf(closing)
  return (end === -1 ? before : 0) + line.slice(end === -1 ? 0 : end + closing.length).split(opening).length - 1
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
