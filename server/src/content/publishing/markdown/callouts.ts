import type { BlockContent, Blockquote, Paragraph, PhrasingContent, Root } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { at, walk, type Findings } from './nodes.ts'

/** Maps the kinds of GitHub, Docusaurus and Obsidian to the five kinds of GitHub. */
const kinds: Readonly<Record<string, string>> = {
  note: 'note',
  tip: 'tip',
  important: 'important',
  warning: 'warning',
  caution: 'caution',
  ...Object.fromEntries(['hint', 'success', 'check', 'done'].map((name) => [name, 'tip'])),
  ...Object.fromEntries(['attention'].map((name) => [name, 'warning'])),
  ...Object.fromEntries(['danger', 'error', 'bug', 'failure', 'fail', 'missing'].map((name) => [name, 'caution'])),
  ...Object.fromEntries(
    [
      'info',
      'abstract',
      'summary',
      'tldr',
      'todo',
      'quote',
      'cite',
      'example',
      'secondary',
      'question',
      'help',
      'faq',
    ].map((name) => [name, 'note']),
  ),
}
const markForm = /^\[!([a-z]+)\]([+-]?)[ \t]*/i

/** Turns `> [!NOTE]` and `:::note` into callouts with a title, which can be folded if the writer chose that. */
export function shapeCallouts(tree: Root, { problems }: Findings): void {
  walk(tree, (node) => {
    if (node.type === 'blockquote') shapeQuote(node)
    if (node.type === 'containerDirective') {
      if (node.name === 'details') return shapeDirective(node, true)
      if (Object.hasOwn(kinds, node.name)) return shapeDirective(node, false)
      problems.push(
        at(
          node,
          `has a block that begins with colons and is not one of the supported ones: ${Object.keys(kinds).join(', ')}`,
        ),
      )
    }
  })
}

function shapeQuote(node: Blockquote): void {
  const [first, ...rest] = node.children
  const text = first?.type === 'paragraph' ? first.children[0] : undefined
  if (first?.type !== 'paragraph' || text?.type !== 'text') return
  const [mark, kind = '', fold] = markForm.exec(text.value) ?? []
  if (mark === undefined || !Object.hasOwn(kinds, kind.toLowerCase())) return
  const [title, body] = splitAtLine([{ ...text, value: text.value.slice(mark.length) }, ...first.children.slice(1)])
  const paragraph: Paragraph[] = body.length > 0 ? [{ ...first, children: body }] : []
  node.children = [titleOf(title, kind, fold !== ''), ...paragraph, ...rest]
  node.data = calloutData(kind, fold === '' ? null : fold === '+')
}

function shapeDirective(node: ContainerDirective, folded: boolean): void {
  const [first, ...rest] = node.children
  const label = first?.type === 'paragraph' && first.data?.directiveLabel ? first.children : []
  node.children = [titleOf(label, node.name, folded), ...(label.length > 0 ? rest : node.children)] as BlockContent[]
  node.data = calloutData(node.name, folded ? false : null)
}

/** Splits a callout after the line of its mark. That line is the title. */
function splitAtLine(children: readonly PhrasingContent[]): [PhrasingContent[], PhrasingContent[]] {
  for (const [index, child] of children.entries()) {
    if (child.type === 'break') return [children.slice(0, index), children.slice(index + 1)]
    const end = child.type === 'text' ? child.value.indexOf('\n') : -1
    if (child.type !== 'text' || end === -1) continue
    const before = child.value.slice(0, end).trim()
    const after = child.value.slice(end + 1)
    return [
      [...children.slice(0, index), ...(before === '' ? [] : [{ ...child, value: before }])],
      [...(after === '' ? [] : [{ ...child, value: after }]), ...children.slice(index + 1)],
    ]
  }
  return [children.filter((child) => child.type !== 'text' || child.value.trim() !== ''), []]
}

function titleOf(written: readonly PhrasingContent[], kind: string, folded: boolean): Paragraph {
  const name = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase()
  const own = written.length > 0
  return {
    type: 'paragraph',
    children: own ? [...written] : [{ type: 'text', value: name }],
    data: {
      ...(folded && { hName: 'summary' }),
      // Default titles are English in articles of any language.
      hProperties: { className: ['callout-title'], ...(!own && { lang: 'en', dir: 'ltr' }) },
    },
  }
}

/** Returns the element of a callout. @param open whether it is unfolded at first, or null if it cannot be folded */
function calloutData(kind: string, open: boolean | null): NonNullable<Blockquote['data']> {
  const className = ['callout', `callout-${kinds[kind.toLowerCase()] ?? 'note'}`]
  if (open === null) return { hName: 'div', hProperties: { className, role: 'note' } }
  return { hName: 'details', hProperties: { className, ...(open && { open: true }) } }
}
