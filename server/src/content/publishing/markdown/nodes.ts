import type { Nodes, Parents, Root } from 'mdast'
import type { ProblemAt } from '../problems.ts'

/** The problems and warnings of an article. A file with problems is refused. Warnings are printed, and the file is published. */
export interface Findings {
  readonly problems: ProblemAt[]
  readonly warnings: ProblemAt[]
}

export const lineOf = (node: Nodes | undefined): number => node?.position?.start.line ?? 1
export const at = (node: Nodes, message: string): ProblemAt => ({ line: lineOf(node), message })

/** Visits all nodes in document order. Iterative, because the nesting of a hostile file would overflow the call stack. */
export function walk(root: Root, visit: (node: Nodes, depth: number, parent: Parents | null) => void): void {
  const pending: [Nodes, number, Parents | null][] = [[root, 0, null]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, depth, parent] = next
    visit(node, depth, parent)
    if ('children' in node) {
      for (const child of node.children.toReversed()) pending.push([child, depth + 1, node])
    }
  }
}

/** Returns the source of a node, or the text of a node without a position (the parser splits text around bare addresses). */
export function rawOf(node: Nodes, source: string): string {
  const [start, end] = [node.position?.start.offset, node.position?.end.offset]
  if (start !== undefined && end !== undefined) return source.slice(start, end)
  return 'value' in node ? node.value : ''
}

/** Returns all parents in document order, as a list, so that callers may replace children while they iterate. */
export function parentsIn(root: Root): Parents[] {
  const parents: Parents[] = []
  walk(root, (node) => {
    if ('children' in node) parents.push(node)
  })
  return parents
}
