import type { Nodes, Root } from 'mdast'
import { directiveFromMarkdown } from 'mdast-util-directive'
import { directive } from 'micromark-extension-directive'
import remarkGemoji from 'remark-gemoji'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified, type Processor } from 'unified'
import { shapeCallouts } from './markdown/callouts.ts'
import { checkCode } from './markdown/code.ts'
import { findCut } from './markdown/cut-marks.ts'
import { shapeDefinitionLists } from './markdown/definition-lists.ts'
import { refuseForeignSyntax } from './markdown/foreign-syntax.ts'
import { shapeHeadings } from './markdown/headings.ts'
import { checkHtml } from './markdown/inline-html.ts'
import { shapeAbbreviations, shapeInlineSyntax } from './markdown/inline-syntax.ts'
import { resolveLinks, resolveWikiLinks, shapeFigures, type LinkTo } from './markdown/links.ts'
import { reportDroppedText } from './markdown/dropped-text.ts'
import { mathFromMarkdown, mathSyntax, renderMath } from './markdown/math.ts'
import type { Findings } from './markdown/nodes.ts'
import {
  highlightsAndAttributesFromMarkdown,
  highlightAndAttributeSyntax,
} from './markdown/highlights-and-attributes.ts'
import type { ProblemAt } from './problems.ts'

export interface MarkdownOptions {
  /** The title of the article. A first h1 with the same text is dropped. */
  readonly title?: string
  /** Whether braces contain program text. Default: false. */
  readonly mdx?: boolean
  /** Finds the article of a link to a file. By default links to files are refused. */
  readonly linkTo?: LinkTo
}

export interface CheckedMarkdown {
  readonly tree: Root
  /** The node at which the public part ends, or null if the text has no cut mark. */
  readonly cut: Nodes | null
  /** Warnings about content that is dropped or displayed differently than intended. */
  readonly warnings: readonly ProblemAt[]
}

const parser = unified().use(remarkParse).use(remarkGfm).use(extraSyntax).freeze()
const emoji = unified().use(remarkGemoji).freeze()

/** Adds formulas, highlights, attributes, and blocks between lines of colons. `:word:` and `::word` keep their meanings. */
function extraSyntax(this: Processor): void {
  const data = this.data()
  const container = [directive().flow?.[58]].flat()[0]
  data.micromarkExtensions?.push(mathSyntax(), highlightAndAttributeSyntax, {
    ...(container && { flow: { 58: container } }),
  })
  data.fromMarkdownExtensions?.push(mathFromMarkdown(), highlightsAndAttributesFromMarkdown, directiveFromMarkdown())
}

/** The parser reads a container again for each level of containers inside it, so the cost grows with the depth. */
const mostContainers = 10

/** The parser reads unclosed labels and attributes repeatedly. */
const longestContainerLine = 500

/** Finds the first container that is nested too deeply or whose line is too long, before the Markdown is parsed. */
function costlyContainer(markdown: string): ProblemAt | null {
  let depth = 0
  for (const [index, line] of markdown.split('\n').entries()) {
    if (/^[ \t>*+-]{0,40}:{3,}[ \t]*$/.test(line)) depth = Math.max(0, depth - 1)
    else if (/^[ \t>*+-]{0,40}:{3,}[a-z]/i.test(line)) {
      depth += 1
      if (line.length > longestContainerLine)
        return {
          line: index + 1,
          message: `opens a block with colons on a line of more than ${longestContainerLine} characters`,
        }
    }
    if (depth > mostContainers)
      return { line: index + 1, message: `nests blocks that begin with colons more than ${mostContainers} levels deep` }
  }
  return null
}

/**
 * Parses an article's Markdown and transforms it for display. Refuses unsupported HTML, unsafe addresses, files that are not
 * published, syntax of other publishing systems, and ambiguous cut marks.
 */
export function parseMarkdown(markdown: string, options: MarkdownOptions = {}): CheckedMarkdown | ProblemAt[] {
  const { title, mdx = false, linkTo = () => null } = options
  const costly = costlyContainer(markdown)
  if (costly !== null) return [costly]
  const tree = parser.parse(markdown)
  const findings: Findings = { problems: [], warnings: [] }
  const cut = findCut(tree, markdown, findings)
  checkHtml(tree, cut, findings)
  refuseForeignSyntax(tree, markdown, { mdx }, findings)
  reportDroppedText(tree, findings)
  checkCode(tree, findings)
  renderMath(tree, markdown, findings)
  emoji.runSync(tree)
  resolveWikiLinks(tree, markdown, linkTo, findings)
  shapeInlineSyntax(tree, markdown, findings)
  shapeCallouts(tree, findings)
  shapeDefinitionLists(tree)
  shapeFigures(tree)
  resolveLinks(tree, linkTo, shapeHeadings(tree, title, findings), findings)
  shapeAbbreviations(tree, cut === null ? null : (tree.children as Nodes[]).indexOf(cut), findings)
  const byLine = (a: ProblemAt, b: ProblemAt) => a.line - b.line
  if (findings.problems.length > 0) return findings.problems.sort(byLine)
  return { tree, cut, warnings: findings.warnings.sort(byLine) }
}
