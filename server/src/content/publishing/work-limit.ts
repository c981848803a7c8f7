import type { ProblemAt } from './problems.ts'

/**
 * The limits of characters of one kind in a block, and of levels of containers in a line.
 *
 * For emphasis, brackets and containers, the parser looks back over all open ones in the same block, so its work is quadratic. Within
 * these limits a block takes milliseconds. Real articles stay far below.
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
 * Spans whose end the parser searches up to the end of the block. The work for a closed span is its own length, and for an unclosed
 * span the length of the block.
 */
const spans = [
  { opening: '<!--', closing: '-->' },
  { opening: '<?', closing: '?>' },
  { opening: '<![CDATA[', closing: ']]>' },
  { opening: '<!', closing: '>' },
] as const
const mostUnclosed = 10

/** A run of ` or $ is closed only by a run of the same length, so the parser searches each length up to the end of the block. */
const mostRunLengths = 10

/**
 * The limit of quotations and lists that follow other content, and of their lines without a sign. The parser copies its list of
 * events for each.
 */
const mostContainers = 2_000
const containerSign = /^[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/

/**
 * Finds blocks that would cost the parser more than linear time. The check itself is linear. A block ends at an empty line.
 * Fenced code at the margin is skipped, because the parser does not parse its content.
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

/** Counts the open spans at the end of a line: those that began after the last end, or also the earlier ones if there is no end. */
function unclosedAfter(line: string, { opening, closing }: (typeof spans)[number], before: number): number {
  const end = line.lastIndexOf(closing)
  return (end === -1 ? before : 0) + line.slice(end === -1 ? 0 : end + closing.length).split(opening).length - 1
}

/**
 * Creates a function that returns whether a line is fenced code at the margin. Always false after raw HTML, which may contain
 * fences.
 */
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
