import type { Element, Nodes, Root, RootContent } from 'hast'
import { toText } from 'hast-util-to-text'

export const longestExcerpt = 200
const wordsAMinute = 230
/** The reading speed for scripts without spaces between words. */
const charactersAMinute = 500

const unspacedScripts = ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Yi', 'Thai', 'Lao', 'Khmer', 'Myanmar']
const unspacedClass = unspacedScripts.map((script) => `\\p{scx=${script}}`).join('')
const unspaced = new RegExp(`[${unspacedClass}]`, 'u')
const unspacedRun = new RegExp(`[${unspacedClass}][${unspacedClass}\\p{M}\\u200c\\u200d]*`, 'gu')
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Returns the text of HTML in one line, without navigation such as footnote numbers and links to headings. */
export function plainText(nodes: readonly RootContent[]): string {
  const root: Root = { type: 'root', children: [...nodes] }
  return toText(readable(root)).replace(/\s+/gu, ' ').trim()
}

/** Elements whose text is not in the excerpt if there are paragraphs. */
const notParagraphs = new Set([
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
/** Elements whose text is not in the excerpt of an article without paragraphs. */
const notReadable = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table', 'section'])

/**
 * Returns the beginning of a text for lists and link previews: at most 200 UTF-16 units of its paragraphs. Ends at the end of a
 * word and never within a character. Keeps the lines of verse. Adds no ellipsis.
 *
 * Without paragraphs it uses lists, captions and notes, and without those the whole text.
 *
 * @param lang BCP 47, for the word boundaries of scripts without spaces. Default: unknown
 */
export function excerptOf(blocks: readonly RootContent[], lang: string | null = null): string {
  const whole =
    joined(paragraphsIn(blocks, notParagraphs)) || joined(paragraphsIn(blocks, notReadable, true)) || plainText(blocks)
  if (whole.length <= longestExcerpt) return whole
  return whole.slice(0, endOfWord(whole, lang)).replace(/[\s—–-]+$/u, '')
}

function endOfWord(text: string, lang: string | null): number {
  const space = text.slice(0, longestExcerpt + 1).search(/\s\S*$/u)
  const wordAtEnd = /^\S*/u.exec(text.slice(Math.max(0, space + 1), longestExcerpt * 2))?.[0] ?? ''
  if (space > 0 && !unspaced.test(wordAtEnd)) return space
  // Longer than the excerpt, because a word boundary depends on the following text.
  const beginning = text.slice(0, longestExcerpt * 2)
  const word = lastEnd(segmenter(lang, 'word'), beginning)
  // A word longer than half of the excerpt is cut between two characters.
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

/** Joins paragraphs by spaces, and by line breaks before and after verse. */
function joined(paragraphs: readonly string[]): string {
  return paragraphs.reduce((whole, next) => {
    if (whole === '') return next
    return whole + (whole.includes('\n') || next.includes('\n') ? '\n' : ' ') + next
  }, '')
}

/** Returns the texts of paragraphs. @param all whether other elements count as well */
function paragraphsIn(nodes: readonly RootContent[], leftOut: ReadonlySet<string>, all = false): string[] {
  const found: string[] = []
  let length = 0
  for (const node of nodes) {
    // Twice the length of an excerpt is enough.
    if (length > longestExcerpt * 2) break
    if (node.type !== 'element' || leftOut.has(node.tagName) || isNavigation(node)) continue
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
 * Estimates the reading time in minutes, rounded up, at least 1. Counts 230 words a minute, or 500 characters a minute for
 * scripts without spaces.
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

/** The length of pieces for the segmenter. It scans its whole text for each segment, so pieces keep the work linear. */
const pieceLength = 500

/** Counts the characters that a reader sees (grapheme clusters). */
function charactersIn(text: string): number {
  let count = 0
  for (let begins = 0; begins < text.length;) {
    const piece = text.slice(begins, begins + pieceLength)
    const ends = Array.from(graphemes.segment(piece), ({ index, segment }) => index + segment.length)
    // The last character may continue in the next piece, unless it is the only one.
    const isLast = begins + piece.length === text.length
    if (!isLast && ends.length > 1) ends.pop()
    count += ends.length
    begins += ends.at(-1) ?? piece.length
  }
  return count
}

/** Returns a copy without navigation, and with formulas as their source. */
function readable<Node extends Nodes>(node: Node): Node {
  if (!('children' in node)) return node
  const children = node.children
    .filter((child) => !isNavigation(child))
    .map((child) => {
      const tex = child.type === 'element' && child.tagName === 'math' ? child.properties.alttext : undefined
      return tex === undefined ? readable(child) : { type: 'text', value: String(tex) }
    })
  return { ...node, children }
}

function isNavigation(node: Nodes): boolean {
  if (node.type !== 'element') return false
  const { dataFootnoteRef, dataFootnoteBackref, id } = node.properties
  if (hasClass(node, 'heading-anchor')) return true
  return dataFootnoteRef !== undefined || dataFootnoteBackref !== undefined || id === 'footnote-label'
}

const hasClass = ({ properties: { className } }: Element, name: string): boolean =>
  Array.isArray(className) && className.includes(name)
