import type { Element, Nodes, Root, RootContent } from 'hast'
import { toText } from 'hast-util-to-text'

export const longestExcerpt = 200
const wordsAMinute = 230
/** Of scripts that are written without spaces between words. */
const charactersAMinute = 500

const unspacedScripts = ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Yi', 'Thai', 'Lao', 'Khmer', 'Myanmar']
const unspacedClass = unspacedScripts.map((script) => `\\p{scx=${script}}`).join('')
const unspaced = new RegExp(`[${unspacedClass}]`, 'u')
const unspacedRun = new RegExp(`[${unspacedClass}][${unspacedClass}\\p{M}\\u200c\\u200d]*`, 'gu')
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Returns the words of a piece of HTML in one line, without what leads about in it: numbers of footnotes, links to headings. */
export function plainText(nodes: readonly RootContent[]): string {
  const root: Root = { type: 'root', children: [...nodes] }
  return toText(readable(root)).replace(/\s+/gu, ' ').trim()
}

const apart = new Set([
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'pre',
  'table',
  'ul',
  'ol',
  'dl',
  'figure',
  'details',
  'div',
  'section',
])
const unread = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table', 'section'])

/**
 * Returns the beginning of a text for lists and previews of links: its paragraphs, in which verse keeps its lines. At most 200
 * UTF-16 units, ended where a word ends and never within a character. No dots are added.
 *
 * A text that has no paragraph gives what else can be read in a line: lists, captions, notes; if there are none either, all
 * words that it has.
 *
 * @param lang BCP 47; decides where words end in scripts without spaces. Default: unknown
 */
export function excerptOf(blocks: readonly RootContent[], lang: string | null = null): string {
  const whole = joined(paragraphsIn(blocks, apart)) || joined(paragraphsIn(blocks, unread, true)) || plainText(blocks)
  if (whole.length <= longestExcerpt) return whole
  return whole.slice(0, endOfWord(whole, lang)).replace(/[\s—–-]+$/u, '')
}

function endOfWord(text: string, lang: string | null): number {
  const space = text.slice(0, longestExcerpt + 1).search(/\s\S*$/u)
  const wordAtEnd = /^\S*/u.exec(text.slice(Math.max(0, space + 1), longestExcerpt * 2))?.[0] ?? ''
  if (space > 0 && !unspaced.test(wordAtEnd)) return space
  // Some more than fits: where a word ends depends on what follows.
  const beginning = text.slice(0, longestExcerpt * 2)
  const word = lastEnd(segmenter(lang, 'word'), beginning)
  // A word that takes up half of the excerpt is cut, between two characters.
  return word > longestExcerpt / 2 ? word : lastEnd(graphemes, beginning) || longestExcerpt
}

function lastEnd(by: Intl.Segmenter, text: string): number {
  let end = 0
  for (const { index } of by.segment(text)) {
    if (index > longestExcerpt) break
    end = index
  }
  return end
}

function segmenter(lang: string | null, granularity: 'word'): Intl.Segmenter {
  try {
    return new Intl.Segmenter(lang ?? 'und', { granularity })
  } catch {
    return new Intl.Segmenter('und', { granularity })
  }
}

/** Verse stands on lines of its own; between paragraphs of prose a space is enough. */
function joined(paragraphs: readonly string[]): string {
  return paragraphs.reduce((whole, next) => {
    if (whole === '') return next
    return whole + (whole.includes('\n') || next.includes('\n') ? '\n' : ' ') + next
  }, '')
}

/** @param all whatever is not left out, not paragraphs alone */
function paragraphsIn(nodes: readonly RootContent[], leftOut: ReadonlySet<string>, all = false): string[] {
  const found: string[] = []
  let length = 0
  for (const node of nodes) {
    // More than twice what is shown: enough, however long the article is.
    if (length > longestExcerpt * 2) break
    if (node.type !== 'element' || leftOut.has(node.tagName) || isMachinery(node)) continue
    if (hasClass(node, 'callout-title')) continue
    const isLeaf = node.tagName === 'p' || (all && !['blockquote', 'ul', 'ol', 'div', 'details'].includes(node.tagName))
    const texts = isLeaf ? [lineText(readable(node))] : paragraphsIn(node.children, leftOut, all)
    for (const text of texts) {
      if (text !== '') found.push(text)
      length += text.length
    }
  }
  return found
}

function lineText(node: Nodes): string {
  return wordsOf(node)
    .split('\v')
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

function wordsOf(node: Nodes): string {
  if (node.type === 'text') return node.value.replaceAll('\v', ' ')
  if (node.type === 'element' && node.tagName === 'br') return '\v'
  return 'children' in node ? node.children.map(wordsOf).join('') : ''
}

/**
 * Estimates how long a text takes, in minutes, rounded up; at least 1. Words count by spaces, 230 a minute; in scripts without
 * spaces characters count, 500 a minute.
 */
export function readingMinutesOf(text: string): number {
  let characters = 0
  const spaced = text.replace(unspacedRun, (run) => {
    characters += charactersIn(run)
    return ' '
  })
  const words = spaced.match(/\S+/gu)?.length ?? 0
  return Math.max(1, Math.ceil(words / wordsAMinute + characters / charactersAMinute))
}

/** A segmenter looks through its whole text for each segment, so it gets pieces: the work is then linear. */
const pieceLength = 500

/** Counts the characters that a reader sees. */
function charactersIn(text: string): number {
  let count = 0
  for (let begins = 0; begins < text.length;) {
    const piece = text.slice(begins, begins + pieceLength)
    const ends = Array.from(graphemes.segment(piece), ({ index, segment }) => index + segment.length)
    // The last character may go on in the next piece, unless it is the only one.
    const isLast = begins + piece.length === text.length
    if (!isLast && ends.length > 1) ends.pop()
    count += ends.length
    begins += ends.at(-1) ?? piece.length
  }
  return count
}

/** Without what leads about in the text, and with formulas as they were written. */
function readable<Node extends Nodes>(node: Node): Node {
  if (!('children' in node)) return node
  const children = node.children
    .filter((child) => !isMachinery(child))
    .map((child) => {
      const tex = child.type === 'element' && child.tagName === 'math' ? child.properties.alttext : undefined
      return tex === undefined ? readable(child) : { type: 'text', value: String(tex) }
    })
  return { ...node, children }
}

function isMachinery(node: Nodes): boolean {
  if (node.type !== 'element') return false
  const { dataFootnoteRef, dataFootnoteBackref, id } = node.properties
  if (hasClass(node, 'heading-anchor')) return true
  return dataFootnoteRef !== undefined || dataFootnoteBackref !== undefined || id === 'footnote-label'
}

const hasClass = ({ properties: { className } }: Element, name: string): boolean =>
  Array.isArray(className) && className.includes(name)
