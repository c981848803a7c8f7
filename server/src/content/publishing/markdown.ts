import type { Nodes, Root } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import type { ProblemAt } from './problems.ts'
import { imageProtocols, linkProtocols } from './sanitise.ts'

const parser = unified().use(remarkParse).use(remarkGfm).freeze()

const cutForm = /^\s*<!--\s*more\s*-->\s*$/i
const holdsCut = /<!--\s*more\s*-->/i
/** Closed comments and nothing beside them. An unclosed one would swallow the rest of the article. */
const onlyComments = /^(\s*<!--(?!-?>)(?:(?!-->)[\s\S])*-->\s*)+$/

export interface CheckedMarkdown {
  readonly tree: Root
  /** The node at which the public part ends; null: the text has no mark. */
  readonly cut: Nodes | null
}

/**
 * Parses an article's Markdown and refuses what could not be shown as it stands: raw HTML, addresses that a reader must not
 * be sent to, and any `<!--more-->` that does not clearly end the public part.
 */
export function parseMarkdown(markdown: string): CheckedMarkdown | ProblemAt[] {
  const tree = parser.parse(markdown)
  const cuts: Nodes[] = []
  const problems: ProblemAt[] = []
  walk(tree, (node, depth) => {
    if (node.type === 'html' && depth === 1 && cutForm.test(node.value)) {
      cuts.push(node)
      if (cuts.length > 1) problems.push(at(node, `has a second <!--more-->; the first is on line ${lineOf(cuts[0])}`))
      return
    }
    const fault = faultOf(node)
    if (fault) problems.push(at(node, fault))
  })
  return problems.length > 0 ? problems : { tree, cut: cuts[0] ?? null }
}

function faultOf(node: Nodes): string | null {
  switch (node.type) {
    case 'html':
      if (holdsCut.test(node.value)) return 'has <!--more--> inside something else; it stands on a line of its own'
      // Dropping it without a word would lose what the writer meant; letting it through would let scripts through.
      return onlyComments.test(node.value) ? null : 'has raw HTML; write it in Markdown, or &lt; for the character'
    case 'code':
      // A fence that was never closed would swallow the mark, and with it the border of the public part.
      return holdsCut.test(node.value) ? 'has <!--more--> inside a code block, where it ends nothing' : null
    case 'link':
      return addressFault('a link', node.url, linkProtocols)
    case 'definition':
      return addressFault('a link', node.url, linkProtocols)
    case 'image':
      return addressFault('an image', node.url, imageProtocols)
    default:
      return null
  }
}

/**
 * Reads the address as a browser does, which drops tabs and line ends within `java\nscript:`, and as the sanitiser does, which
 * would take away what it does not know, `HTTPS:` included, without a word.
 */
function addressFault(what: string, address: string, protocols: readonly string[]): string | null {
  if (!URL.canParse(address, 'https://relative.invalid/')) return `has ${what} with an address that is none`
  const read = new URL(address, 'https://relative.invalid/').protocol.slice(0, -1)
  const written = /^([^/?#:]*):/.exec(address)?.[1] ?? read
  const bad = [read, written].find((protocol) => !protocols.includes(protocol))
  return bad === undefined ? null : `has ${what} to ${bad}:, which is none of ${protocols.join(', ')}`
}

/** In the order of the text. A loop, not a recursion: a hostile file nests deeper than the stack is. */
function walk(root: Root, visit: (node: Nodes, depth: number) => void): void {
  const pending: [Nodes, number][] = [[root, 0]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, depth] = next
    visit(node, depth)
    if ('children' in node) for (const child of node.children.toReversed()) pending.push([child, depth + 1])
  }
}

const lineOf = (node: Nodes | undefined): number => node?.position?.start.line ?? 1
const at = (node: Nodes, message: string): ProblemAt => ({ line: lineOf(node), message })
