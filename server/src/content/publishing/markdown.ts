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
import { tellLostText } from './markdown/lost-text.ts'
import { mathFromMarkdown, mathSyntax, renderMath } from './markdown/math.ts'
import type { Findings } from './markdown/nodes.ts'
import { signsFromMarkdown, signSyntax } from './markdown/signs.ts'
import type { ProblemAt } from './problems.ts'

export interface MarkdownOptions {
  /** A first h1 that repeats it is dropped. */
  readonly title?: string
  /** Whether braces are program text. Default: no. */
  readonly mdx?: boolean
  /** Default: no file is an article. */
  readonly linkTo?: LinkTo
}

export interface CheckedMarkdown {
  readonly tree: Root
  /** The node at which the public part ends; null: the text has no mark. */
  readonly cut: Nodes | null
  /** What is left out of the article, or shown otherwise than it was meant. */
  readonly warnings: readonly ProblemAt[]
}

const parser = unified().use(remarkParse).use(remarkGfm).use(extraSyntax).freeze()
const emoji = unified().use(remarkGemoji).freeze()

/** Formulas, highlights, attributes, and blocks between lines of colons; `:word:` and `::word` keep their meanings. */
function extraSyntax(this: Processor): void {
  const data = this.data()
  const container = [directive().flow?.[58]].flat()[0]
  data.micromarkExtensions?.push(mathSyntax(), signSyntax, { ...(container && { flow: { 58: container } }) })
  data.fromMarkdownExtensions?.push(mathFromMarkdown(), signsFromMarkdown, directiveFromMarkdown())
}

/** The parser reads each container anew for those in it: what they cost together grows with how deep they stand. */
const mostContainers = 10

/** The parser reads a label or attributes that do not end again and again. */
const longestContainerLine = 500

/** Finds a line that opens one container too many, or is too long for one, before anything is parsed. */
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
 * Parses an article's Markdown and brings it into the form that is shown. Refuses what could not be shown as it stands: HTML
 * that may not stand in an article, addresses that a reader must not be sent to, files that are not published with it,
 * syntax of other publishing systems, and any mark that does not clearly end the public part.
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
  tellLostText(tree, findings)
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
