import type { Element, ElementContent, Nodes, Root, RootContent } from 'hast'
import { raw } from 'hast-util-raw'
import rehypeStringify from 'rehype-stringify'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import type { RequirementBySlug } from './front-matter/front-matter.ts'
import { decoded } from './markdown/addresses.ts'
import { highlightCode } from './markdown/code.ts'
import { idPrefix } from './markdown/headings.ts'
import { parseMarkdown, type CheckedMarkdown, type MarkdownOptions } from './markdown.ts'
import { excerptOf, longestExcerpt, plainText, readingMinutesOf } from './plain-text.ts'
import type { ProblemAt } from './problems.ts'
import { sanitise } from './sanitise.ts'

/**
 * An article's text, ready to be stored: sanitised HTML. `previewHtml + restHtml` is `wholeHtml`, to the character, but for
 * links of the preview that lead to a place below it.
 */
export interface Rendered {
  /**
   * Public, and made of nothing that stands below the cut. A link to a place below (a footnote, a heading) has its address in
   * `data-below` in place of `href`: where the rest is not shown, it would lead nowhere.
   */
  readonly previewHtml: string
  readonly restHtml: string
  readonly wholeHtml: string
  /** The beginning of the preview as plain text, at most 200 characters, at a word's end; empty when it is all images. */
  readonly excerpt: string
  /** For the whole article. */
  readonly readingMinutes: number
  /** What is left out of the article, or shown otherwise than it was meant. */
  readonly warnings: readonly ProblemAt[]
}

export interface RenderOptions extends MarkdownOptions {
  /** BCP 47; null or left out: unknown. */
  readonly lang?: string | null
}

const stringifier = unified().use(rehypeStringify).freeze()

/**
 * Renders an article's Markdown. The public part ends at a mark such as `<!--more-->` (`cut-marks.ts` has them all), alone on
 * a line outside of lists and quotes.
 *
 * Preview and rest are cut from one tree, so that a link defined below the cut works above it (its address and title then
 * are part of the preview: the writer used them there). Footnotes always stand at the end, in the rest, also those that the
 * preview refers to. A public article without the mark shows its first blocks, until they fill the excerpt; a gated one
 * without it is refused, since nobody said what of it is public.
 *
 * @param markdown with an empty line for each line of front matter: problems then name the lines of the file
 * @param visibility what the article asks of its readers
 */
export function renderArticle(
  markdown: string,
  visibility: RequirementBySlug['visibility'],
  options: RenderOptions = {},
): Rendered | ProblemAt[] {
  return orTooDeep(() => renderChecked(markdown, visibility, options))
}

/** What is wrong with a Markdown whatever its front matter says. */
export function markdownProblems(markdown: string, options: MarkdownOptions = {}): ProblemAt[] {
  return orTooDeep(() => {
    const parsed = parseMarkdown(markdown, options)
    return Array.isArray(parsed) ? parsed : []
  })
}

/** The parser and the renderer recurse: some thousand levels of quotes end the stack, not the process. */
function orTooDeep<T>(work: () => T): T | ProblemAt[] {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) return [{ line: 1, message: 'is nested too deeply' }]
    throw error
  }
}

function renderChecked(
  markdown: string,
  visibility: RequirementBySlug['visibility'],
  options: RenderOptions,
): Rendered | ProblemAt[] {
  const parsed = parseMarkdown(markdown, options)
  if (Array.isArray(parsed)) return parsed
  const firstLine = parsed.tree.children[0]?.position?.start.line ?? 1
  if (parsed.cut === null && visibility !== 'PUBLIC') {
    return [
      {
        line: firstLine,
        message: 'has no <!--more-->, which must mark the end of the public part of an article that is not public',
      },
    ]
  }

  const blocks = toHtmlTree(parsed).children
  const [above, below] = parsed.cut === null ? cutWhereExcerptIsFull(blocks) : cutAtMark(blocks)
  const preview = sanitise({ type: 'root', children: withoutLinksBelow(above) }).children
  const rest = sanitise({ type: 'root', children: below }).children
  const line = parsed.cut?.position?.start.line ?? firstLine
  if (!preview.some(isText)) return [{ line, message: 'has no text in its public part' }]
  if (visibility !== 'PUBLIC' && !rest.some(isText)) {
    return [{ line, message: 'has no text after <!--more-->, so the whole article would be public' }]
  }
  const restHtml = stringify(rest)
  return {
    previewHtml: stringify(preview),
    restHtml,
    wholeHtml: stringify(sanitise({ type: 'root', children: above }).children) + restHtml,
    excerpt: excerptOf(preview, options.lang),
    readingMinutes: readingMinutesOf(`${plainText(preview)} ${plainText(rest)}`),
    warnings: parsed.warnings,
  }
}

/** The cut becomes a comment at the root; `inline-html.ts` has dropped all that writers made. */
function toHtmlTree({ tree, cut }: CheckedMarkdown): Root {
  let hasHtml = false
  const processor = unified().use(remarkRehype, {
    handlers: {
      html: (_, node: { value: string }) => {
        if ((node as unknown) === cut) return { type: 'comment', value: 'more' }
        hasHtml = true
        return { type: 'raw', value: node.value }
      },
    },
    allowDangerousHtml: true,
  })
  const made = processor.runSync(tree)
  const root = hasHtml ? (raw(made) as Root) : made
  highlightCode(root)
  for (const child of root.children) tidy(child)
  return { ...root, children: paragraphsOfLooseText(root.children) }
}

/** Chinese and Japanese, with the full-width punctuation that Unicode counts to no script. */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\uff01-\uff65]`
const lineEndOfUnspacedScript = new RegExp(`(?<=${unspaced})\\n(?=${unspaced})`, 'gu')

/** Links that lead nowhere are none; an end of line between two Chinese or Japanese characters is no space. */
function tidy(node: Nodes): void {
  if (node.type === 'text') node.value = node.value.replace(lineEndOfUnspacedScript, '')
  if (node.type !== 'element' || node.tagName === 'pre') return
  if (node.tagName === 'a' && node.properties.href === '') delete node.properties.href
  for (const child of node.children) tidy(child)
}

const phrasing = new Set([
  'a',
  'abbr',
  'bdi',
  'br',
  'del',
  'em',
  'img',
  'ins',
  'kbd',
  'mark',
  'ruby',
  'strong',
  'sub',
  'sup',
])

/** HTML on lines of its own stands in no paragraph: an image, a key. Here it gets one, as any text has. */
function paragraphsOfLooseText(children: readonly RootContent[]): RootContent[] {
  const result: RootContent[] = []
  let loose: ElementContent[] = []
  const flush = () => {
    const isBlank = loose.every((node) => node.type === 'text' && node.value.trim() === '')
    if (isBlank) result.push(...loose)
    else result.push({ type: 'element', tagName: 'p', properties: {}, children: loose })
    loose = []
  }
  for (const child of children) {
    const isLoose = child.type === 'element' ? phrasing.has(child.tagName) : child.type === 'text' && !isLineEnd(child)
    if (isLoose) loose.push(child as ElementContent)
    else {
      if (loose.length > 0) flush()
      result.push(child)
    }
  }
  if (loose.length > 0) flush()
  return result
}

/** A copy in which links to what stands below have their addresses in `data-below`. */
function withoutLinksBelow(blocks: readonly RootContent[]): RootContent[] {
  const ids = new Set<string>()
  const collect = (node: Nodes) => {
    if (node.type === 'element' && typeof node.properties.id === 'string') ids.add(node.properties.id)
    if ('children' in node) node.children.forEach(collect)
  }
  blocks.forEach(collect)
  // A browser looks for the name as it is written, then decoded.
  const hasTarget = (name: string) => ids.has(name) || ids.has(decoded(name))
  const copy = <Node extends Nodes>(node: Node): Node => {
    if (!('children' in node)) return node
    const children = node.children.map(copy)
    if (node.type !== 'element' || node.tagName !== 'a') return { ...node, children }
    const { href, ...properties } = node.properties
    const leadsBelow = typeof href === 'string' && href.startsWith(`#${idPrefix}`) && !hasTarget(href.slice(1))
    return leadsBelow ? { ...node, properties: { ...properties, dataBelow: href }, children } : { ...node, children }
  }
  return blocks.map(copy)
}

type Cut = readonly [preview: RootContent[], rest: RootContent[]]

function cutAtMark(blocks: readonly RootContent[]): Cut {
  const index = blocks.findIndex((block) => block.type === 'comment')
  // The mark stood between two line ends; one of them goes with it.
  const after = isLineEnd(blocks[index + 1]) ? index + 2 : index + 1
  return [blocks.slice(0, index), blocks.slice(after)]
}

function cutWhereExcerptIsFull(blocks: readonly RootContent[]): Cut {
  let index = 0
  for (let length = 0; index < blocks.length && length <= longestExcerpt; index += 1) {
    const block = blocks[index]
    if (block === undefined || isFootnotes(block)) break
    length += plainText([block]).length
  }
  if (isLineEnd(blocks[index])) index += 1
  return [blocks.slice(0, index), blocks.slice(index)]
}

const isLineEnd = (node: RootContent | undefined): boolean => node?.type === 'text' && node.value === '\n'
const isFootnotes = (node: RootContent): node is Element =>
  node.type === 'element' && node.properties.dataFootnotes !== undefined
const isText = (node: RootContent): boolean => node.type === 'element' && !isFootnotes(node)
const stringify = (children: RootContent[]): string => stringifier.stringify({ type: 'root', children })
