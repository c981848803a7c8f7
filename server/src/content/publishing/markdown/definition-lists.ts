import type { BlockContent, Paragraph, Parents, PhrasingContent, Root } from 'mdast'
import { parentsIn } from './nodes.ts'

type Item = BlockContent

/**
 * Turns terms with lines that begin with a colon into definition lists:
 *
 *     Term
 *     : Its meaning
 */
export function shapeDefinitionLists(tree: Root): void {
  for (const parent of parentsIn(tree)) {
    if (parent.type === 'paragraph' || parent.type === 'heading' || parent.type === 'table') continue
    if (parent.children.some(holdsDefinition)) parent.children = shaped(parent)
  }
}

const isText = (node: PhrasingContent | undefined, form: RegExp): boolean =>
  node?.type === 'text' && form.test(node.value)
const holdsDefinition = (node: Parents['children'][number]): boolean =>
  node.type === 'paragraph' && (beginsWithColon(node) || node.children.some((child) => isText(child, /\n:[ \t]+\S?/)))
const beginsWithColon = (node: Paragraph): boolean => isText(node.children[0], /^:[ \t]+\S?/)

function shaped(parent: Parents): Parents['children'][number][] {
  const result: Parents['children'][number][] = []
  let list: Item[] | null = null
  for (const node of parent.children) {
    if (node.type !== 'paragraph' || !holdsDefinition(node)) {
      result.push(node)
      list = null
      continue
    }
    const lines = linesOf(node)
    let items: Item[]
    const before = result.at(-1)
    if (!beginsWithColon(node)) items = itemsOf(node, lines)
    else if (list) items = itemsOf(node, lines)
    // An empty line separates the term and its meaning.
    else if (before?.type === 'paragraph') items = [item('dt', before, before.children), ...itemsOf(node, lines)]
    else {
      result.push(node)
      continue
    }
    if (beginsWithColon(node) && !list && before?.type === 'paragraph') result.pop()
    if (list) list.push(...items)
    else {
      list = items
      result.push({ type: 'blockquote', children: list, data: { hName: 'dl' } })
    }
  }
  return result
}

/** Splits lines into terms and meanings. A meaning begins with a colon and continues over the following lines without one. */
function itemsOf(node: Paragraph, lines: readonly PhrasingContent[][]): Item[] {
  const items: { name: 'dt' | 'dd'; children: PhrasingContent[] }[] = []
  for (const [index, line] of lines.entries()) {
    const [first] = line
    const last = items.at(-1)
    if (first?.type === 'text' && /^:[ \t]+/.test(first.value)) {
      items.push({ name: 'dd', children: [{ ...first, value: first.value.replace(/^:[ \t]+/, '') }, ...line.slice(1)] })
    } else if (last?.name === 'dd' && !isTermBefore(lines, index)) {
      last.children.push({ type: 'text', value: '\n' }, ...line)
    } else {
      items.push({ name: 'dt', children: line })
    }
  }
  return items.map(({ name, children }) => item(name, node, children))
}

const isTermBefore = (lines: readonly PhrasingContent[][], index: number): boolean =>
  isText(lines[index + 1]?.[0], /^:[ \t]+/)

const item = (hName: 'dt' | 'dd', { position }: Paragraph, children: PhrasingContent[]): Item => ({
  type: 'paragraph',
  children,
  data: { hName },
  ...(position && { position }),
})

function linesOf(node: Paragraph): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]]
  for (const child of node.children) {
    if (child.type !== 'text') lines.at(-1)?.push(child)
    else {
      for (const [index, value] of child.value.split('\n').entries()) {
        if (index > 0) lines.push([])
        if (value !== '') lines.at(-1)?.push({ ...child, value })
      }
    }
  }
  return lines
}
