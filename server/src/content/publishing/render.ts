import type { Element, Root, RootContent } from 'hast'
import rehypeStringify from 'rehype-stringify'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import type { RequirementBySlug } from './front-matter.ts'
import { parseMarkdown, type CheckedMarkdown } from './markdown.ts'
import { excerptOf, longestExcerpt, plainText, readingMinutesOf } from './plain-text.ts'
import type { ProblemAt } from './problems.ts'
import { sanitise } from './sanitise.ts'

/** An article's text, ready to be stored. Sanitised HTML; `previewHtml + restHtml` is `wholeHtml`, to the character. */
export interface Rendered {
  /** Public, and made of nothing that stands below the cut. */
  readonly previewHtml: string
  readonly restHtml: string
  readonly wholeHtml: string
  /** The beginning of the preview as plain text, at most 200 characters, at a word's end; empty when it is all images. */
  readonly excerpt: string
  /** For the whole article. */
  readonly readingMinutes: number
}

const stringifier = unified().use(rehypeStringify).freeze()

/**
 * Renders an article's Markdown. The public part ends at `<!--more-->`, alone on a line outside of lists and quotes.
 *
 * Preview and rest are cut from one tree, so that a link defined below the cut works above it (its address and title then
 * are part of the preview: the writer used them there). Footnotes always stand at the end, in the rest, also those that the
 * preview refers to. A public article without the mark shows its first blocks, until they fill the excerpt; a gated one
 * without it is refused, since nobody said what of it is public.
 *
 * @param markdown with an empty line for each line of front matter: problems then name the lines of the file
 * @param visibility what the article asks of its readers
 */
export function renderArticle(markdown: string, visibility: RequirementBySlug['visibility']): Rendered | ProblemAt[] {
  return orTooDeep(() => renderChecked(markdown, visibility))
}

/** What is wrong with a Markdown whatever its front matter says. */
export function markdownProblems(markdown: string): ProblemAt[] {
  return orTooDeep(() => {
    const parsed = parseMarkdown(markdown)
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

function renderChecked(markdown: string, visibility: RequirementBySlug['visibility']): Rendered | ProblemAt[] {
  const parsed = parseMarkdown(markdown)
  if (Array.isArray(parsed)) return parsed
  const firstLine = parsed.tree.children[0]?.position?.start.line ?? 1
  if (parsed.cut === null && visibility !== 'PUBLIC') {
    return [
      { line: firstLine, message: 'has no <!--more-->, and is not public: nothing says where its public part ends' },
    ]
  }

  const blocks = sanitise(toHtmlTree(parsed)).children
  const [preview, rest] = parsed.cut === null ? cutWhereExcerptIsFull(blocks) : cutAtMark(blocks)
  const line = parsed.cut?.position?.start.line ?? firstLine
  if (!preview.some(isText)) return [{ line, message: 'has an empty public part' }]
  if (visibility !== 'PUBLIC' && !rest.some(isText)) {
    return [{ line, message: 'has nothing after <!--more-->: all of it would be public' }]
  }
  const previewText = plainText(preview)

  const previewHtml = stringify(preview)
  const restHtml = stringify(rest)
  return {
    previewHtml,
    restHtml,
    wholeHtml: previewHtml + restHtml,
    excerpt: excerptOf(previewText),
    readingMinutes: readingMinutesOf(`${previewText} ${plainText(rest)}`),
  }
}

/** The cut becomes the tree's only comment; other comments are notes of the writer's, and end here. */
function toHtmlTree({ tree, cut }: CheckedMarkdown): Root {
  const processor = unified().use(remarkRehype, {
    handlers: { html: (_, node: unknown) => (node === cut ? { type: 'comment', value: 'more' } : undefined) },
  })
  return processor.runSync(tree)
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
