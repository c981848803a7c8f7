import type { Nodes } from 'mdast'
import remarkParse from 'remark-parse'
import { unified } from 'unified'

const parser = unified().use(remarkParse).freeze()
const longestLine = 1_000

/** Returns the text of `# Title` if the Markdown begins with such a line, or null. */
export function titleOfHeading(markdown: string): string | null {
  const line = /^\s*?(# .*)$/m.exec(markdown.trimStart().split('\n', 1)[0] ?? '')?.[1]
  if (line === undefined || line.length > longestLine) return null
  const [heading] = parser.parse(line).children
  return heading?.type === 'heading' ? textOf(heading).trim() : null
}

const textOf = (node: Nodes): string =>
  'children' in node ? node.children.map(textOf).join('') : 'value' in node ? node.value : ''
