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
 * The sanitised HTML of an article. `wholeHtml` equals `previewHtml + restHtml`, except for links of the preview to places below
 * the cut.
 */
export interface Rendered {
  /**
   * Public. Contains nothing from below the cut. A link to a place below, such as a footnote, has its address in `data-below`
   * instead of `href`, because its target is missing if the rest is not shown.
   */
  readonly previewHtml: string
  readonly restHtml: string
  readonly wholeHtml: string
  /** The beginning of the preview as plain text, at most 200 characters, up to the end of a word. Empty if it has only images. */
  readonly excerpt: string
  /** The reading time of the whole article. */
  readonly readingMinutes: number
  /** Warnings about content that is dropped or displayed differently than intended. */
  readonly warnings: readonly ProblemAt[]
}

export interface RenderOptions extends MarkdownOptions {
  /** BCP 47. Default: unknown. */
  readonly lang?: string | null
}

const stringifier = unified().use(rehypeStringify).freeze()

/**
 * Renders an article's Markdown. The public part ends at a mark such as `<!--more-->` (all marks: `cut-marks.ts`) on a separate line
 * outside of lists and quotes.
 *
 * Preview and rest come from one tree, so a link in the preview may use a definition below the cut. Its address and title are then
 * public. All footnotes are in the rest, including those of the preview. The preview of a public article without a mark is its first
 * blocks, until they fill the excerpt. A gated article without a mark is refused, because its public part is unknown.
 *
 * @param markdown begins with an empty line for each line of front matter, so that line numbers are those of the file
 * @param visibility the visibility of the article
 */
export function renderArticle(
  markdown: string,
  visibility: RequirementBySlug['visibility'],
  options: RenderOptions = {},
): Rendered | ProblemAt[] {
  return orTooDeep(() => renderChecked(markdown, visibility, options))
}

/** Returns the problems of a Markdown that do not depend on its front matter. */
export function markdownProblems(markdown: string, options: MarkdownOptions = {}): ProblemAt[] {
  return orTooDeep(() => {
    const parsed = parseMarkdown(markdown, options)
    return Array.isArray(parsed) ? parsed : []
  })
}

/** Turns a stack overflow into a problem, because the parser and the renderer recurse into nested quotes. */
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

/** Converts the tree to HTML. The cut becomes a comment at the root, the only one, because `checkHtml` has dropped the others. */
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

/** Chinese and Japanese characters, with full-width punctuation, which has no script in Unicode. */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\uff01-\uff65]`
const lineEndOfUnspacedScript = new RegExp(`(?<=${unspaced})\\n(?=${unspaced})`, 'gu')

/** Removes empty links, and line ends between two Chinese or Japanese characters, which would be displayed as spaces. */
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

/** Wraps inline HTML on separate lines, such as an image, in a paragraph. */
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

/** Returns a copy in which links to places below the blocks have their addresses in `data-below`. */
function withoutLinksBelow(blocks: readonly RootContent[]): RootContent[] {
  const ids = new Set<string>()
  const collect = (node: Nodes) => {
    if (node.type === 'element' && typeof node.properties.id === 'string') ids.add(node.properties.id)
    if ('children' in node) node.children.forEach(collect)
  }
  blocks.forEach(collect)
  // Like a browser, looks for the literal name first and then for the decoded one.
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
  // There is a line end before and after the mark. One of them is removed.
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
