import type { Nodes, Root, RootContent } from 'hast'
import { toText } from 'hast-util-to-text'

export const longestExcerpt = 200
const wordsAMinute = 230

/** The words of a piece of HTML in one line, without the machinery of footnotes: their numbers, arrows and heading. */
export function plainText(nodes: readonly RootContent[]): string {
  const root: Root = { type: 'root', children: [...nodes] }
  return toText(withoutFootnoteMachinery(root)).replace(/\s+/gu, ' ').trim()
}

/** The beginning of a text, ended at a word's end. It stays a beginning: no dots are added. */
export function excerptOf(text: string): string {
  if (text.length <= longestExcerpt) return text
  const beginning = text.slice(0, longestExcerpt + 1)
  const end = beginning.lastIndexOf(' ')
  // A text without spaces, as in Chinese, is cut where it must be, but never through a character.
  const cut = end > 0 ? text.slice(0, end) : text.slice(0, longestExcerpt).replace(/[\ud800-\udbff]$/, '')
  return cut.replace(/[\s—–-]+$/, '')
}

/** At 230 words a minute, rounded up; at least 1. */
export function readingMinutesOf(text: string): number {
  const words = text.match(/\S+/g)?.length ?? 0
  return Math.max(1, Math.ceil(words / wordsAMinute))
}

function withoutFootnoteMachinery<Node extends Nodes>(node: Node): Node {
  if (!('children' in node)) return node
  const children = node.children.filter((child) => !isMachinery(child)).map(withoutFootnoteMachinery)
  return { ...node, children }
}

function isMachinery(node: Nodes): boolean {
  if (node.type !== 'element') return false
  const { dataFootnoteRef, dataFootnoteBackref, id } = node.properties
  return dataFootnoteRef !== undefined || dataFootnoteBackref !== undefined || id === 'footnote-label'
}
