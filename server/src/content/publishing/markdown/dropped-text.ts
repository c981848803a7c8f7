import type { FootnoteDefinition, Nodes, Root, Table } from 'mdast'
import { at, walk, type Findings } from './nodes.ts'

/** Reports text that the renderer would drop silently: footnotes without a reference, and cells without a column. */
export function reportDroppedText(tree: Root, { problems, warnings }: Findings): void {
  const notes: FootnoteDefinition[] = []
  walk(tree, (node) => {
    if (node.type === 'footnoteDefinition') notes.push(node)
    else if (node.type === 'table') refuseLongRows(node, problems)
    else if (node.type === 'containerDirective' && Object.keys(node.attributes ?? {}).length > 0)
      warnings.push(at(node, 'has attributes after the name of a block, which are ignored; write the title in […]'))
  })
  const defined = new Map<string, FootnoteDefinition>()
  for (const note of notes) {
    if (defined.has(note.identifier))
      problems.push(at(note, 'has a second footnote with the same name; only one would be shown'))
    else defined.set(note.identifier, note)
  }
  const shown = shownNotes(tree, defined)
  for (const [name, note] of defined) {
    if (!shown.has(name)) warnings.push(at(note, 'has a footnote without a reference, which is not shown'))
  }
  const [first] = notes
  if (first && shown.size > mostFootnotes) problems.push(at(first, `has more than ${mostFootnotes} footnotes`))
}

/** Returns the names of footnotes that the text refers to, directly or through other footnotes. */
function shownNotes(tree: Root, defined: ReadonlyMap<string, FootnoteDefinition>): ReadonlySet<string> {
  const shown = new Set<string>()
  const pending: Nodes[] = [tree]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('children' in next) pending.push(...next.children.filter(({ type }) => type !== 'footnoteDefinition'))
    if (next.type !== 'footnoteReference' || shown.has(next.identifier)) continue
    shown.add(next.identifier)
    pending.push(...(defined.get(next.identifier)?.children ?? []))
  }
  return shown
}

/** The limit exists because numbering footnotes takes quadratic time. */
const mostFootnotes = 2_000

function refuseLongRows({ children }: Table, problems: Findings['problems']): void {
  const columns = children[0]?.children.length ?? 0
  for (const row of children) {
    if (row.children.length > columns)
      problems.push(at(row, 'has a table row with more cells than columns; write \\| for the character in a cell'))
  }
}
