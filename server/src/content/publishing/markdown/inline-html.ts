import { htmlTagNames } from 'html-tag-names'
import type { Html, Nodes, Parents, Root, RootContent } from 'mdast'
import { addressFault, imageFault } from './addresses.ts'
import { at, lineOf, parentsIn, type Findings } from './nodes.ts'

/** The elements that an article may contain, with their attributes. Only phrasing elements may be inside a line. */
const phrasing: Readonly<Record<string, readonly string[]>> = {
  abbr: ['title'],
  bdi: [],
  br: [],
  del: [],
  img: ['src', 'alt', 'title', 'width', 'height'],
  ins: [],
  kbd: [],
  mark: [],
  rp: [],
  rt: [],
  ruby: [],
  sub: [],
  sup: [],
  wbr: [],
}
const blocks: Readonly<Record<string, readonly string[]>> = {
  details: ['open'],
  figcaption: [],
  figure: [],
  summary: [],
}
const allowed = new Map(Object.entries({ ...phrasing, ...blocks }))
const everywhere = ['lang', 'dir']
const inlineParents = new Set([
  'paragraph',
  'heading',
  'tableCell',
  'emphasis',
  'strong',
  'delete',
  'link',
  'linkReference',
])
const voidNames = new Set(['br', 'img', 'wbr'])
const list = [...allowed.keys()].sort().join(', ')

/** A tag as defined by CommonMark, or the text between tags. */
const token =
  /<(\/?)([a-z][a-z\d-]*)((?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*(\/?)>|[^<]+/giy
const attribute = /([a-z_:][\w.:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi
/** A type argument such as `<String>` in `List<String>`, which is not a tag. */
const typeArgument = /^<[A-Za-z]\w*>$/

interface Open {
  readonly name: string
  readonly node: Html
}

/**
 * Checks the HTML in an article. Tags must be known and closed in the same block. Warns of unknown attributes. Drops comments.
 * The HTML is parsed later and sanitised last.
 *
 * @param cut the mark at which the public part ends. It must not be inside an element
 */
export function checkHtml(tree: Root, cut: Nodes | null, findings: Findings): void {
  for (const parent of parentsIn(tree)) {
    if (!parent.children.some(({ type }) => type === 'html')) continue
    checkChildren(parent, parent === tree, cut, findings)
  }
}

function checkChildren(parent: Parents, atRoot: boolean, cut: Nodes | null, findings: Findings): void {
  const open: Open[] = []
  const inLine = inlineParents.has(parent.type)
  const kept: Nodes[] = []
  for (const node of parent.children) {
    if (node.type !== 'html' || node === cut) {
      if (node === cut && atRoot && open.length > 0) {
        findings.problems.push(at(node, 'has <!--more--> inside another block; put it on a line of its own'))
      }
      kept.push(node)
    } else if (withoutComments(node.value).trim() !== '') {
      kept.push(isTypeArgument(node, kept.at(-1)) ? { ...node, type: 'text' } : node)
      if (kept.at(-1) === node) checkTags(node, open, inLine, findings)
    }
  }
  for (const { name, node } of open) findings.problems.push(at(node, `has raw HTML: <${name}> is not closed`))
  parent.children = kept as RootContent[]
}

/** Removes comments from HTML. Keeps an unclosed comment, which is refused later because it would hide the rest of the article. */
function withoutComments(html: string): string {
  let left = ''
  let from = 0
  for (let start = html.indexOf('<!--'); start !== -1; start = html.indexOf('<!--', from)) {
    const end = html.indexOf('-->', start + 4)
    // <!--> and <!---> are whole comments to a browser.
    if (end === -1 || /^-?>/.test(html.slice(start + 4, start + 6))) break
    left += html.slice(from, start)
    from = end + 3
  }
  return left + html.slice(from)
}

function isTypeArgument(node: Html, before: Nodes | undefined): boolean {
  if (!typeArgument.test(node.value) || before?.type !== 'text' || !/\w$/.test(before.value)) return false
  return !htmlTagNames.includes(node.value.slice(1, -1).toLowerCase())
}

function checkTags(node: Html, open: Open[], inLine: boolean, { problems, warnings }: Findings): void {
  node.value = withoutComments(node.value)
  let line = lineOf(node)
  const refuse = (message: string) => problems.push({ line, message: `has raw HTML${message}` })
  const { value } = node
  token.lastIndex = 0
  while (token.lastIndex < value.length) {
    const found = token.exec(value)
    if (!found) return void refuse(' that is malformed; write it in Markdown, or &lt; for the character')
    const [text, slash, tag, attributes = '', selfClosing] = found
    const name = tag?.toLowerCase()
    if (/\{[{%]/.test(text)) refuse(' that contains a shortcode or an expression of a template')
    if (name !== undefined) {
      if (!allowed.has(name)) {
        const what = /^[A-Z]/.test(tag ?? '') ? `the component <${tag}>` : `<${name}>`
        return void refuse(`, ${what}; write it in Markdown, or &lt; for the character. Supported: ${list}`)
      }
      if (inLine && name in blocks) return void refuse(`: <${name}> must be on a line of its own`)
      if (slash) {
        if (open.at(-1)?.name !== name) return void refuse(`: </${name}> has no opening tag`)
        open.pop()
      } else if (!voidNames.has(name)) {
        if (selfClosing) return void refuse(`: <${name}> is not closed`)
        open.push({ name, node })
      }
      for (const problem of attributeFaults(name, attributes)) refuse(problem)
      for (const dropped of unknownAttributes(name, attributes)) {
        warnings.push({ line, message: `has HTML with the attribute ${dropped}, which is ignored` })
      }
    }
    line += text.split('\n').length - 1
  }
}

/** Yields the faults of attributes. Messages name the attribute without its value, because they may be printed in public logs. */
function* attributeFaults(name: string, attributes: string): Generator<string> {
  for (const [, key = '', double, single, bare] of attributes.matchAll(attribute)) {
    const value = double ?? single ?? bare ?? ''
    if (/^(on|style$)/i.test(key)) yield ` with the attribute ${key.toLowerCase()}`
    if (name === 'img' && key.toLowerCase() === 'src') {
      const fault = addressFault('an image', value, ['https']) ?? imageFault(value)
      if (fault) yield `: it ${fault}`
    }
  }
}

function unknownAttributes(name: string, attributes: string): string[] {
  const known = [...(allowed.get(name) ?? []), ...everywhere]
  const keys = [...attributes.matchAll(attribute)].map(([, key = '']) => key.toLowerCase())
  return keys.filter((key) => !known.includes(key) && !/^(on|style$)/.test(key))
}
