import type { PhrasingContent, Root, Text } from 'mdast'
import { findAndReplace } from 'mdast-util-find-and-replace'
import { toString } from 'mdast-util-to-string'
import { at, rawOf, walk, type Findings } from './nodes.ts'

/** `==words==` of Obsidian and others; comparisons in a line of program text are none. */
const highlight = /(?<![\w=\\])==(?=[^\s=])([^=\n]{1,1000}?)(?<=[^\s=])==(?![\w=])/g
/** kramdown's attributes, as `{: .class}`. */
const attributeList = /(?<!\\)[ \t]*\{:[^{}\n]{0,300}\}/g
/** Obsidian's name of a block, at the end of one. */
const blockName = /[ \t]\^[a-z\d-]{2,40}$/i
const unknownEmoji = /(?<![\w:/]):[a-z][\w+-]*:(?![\w:/])/i

/** Shows what is marked, and leaves out what only other systems have a use for, with a warning. */
export function shapeInlineSyntax(tree: Root, source: string, { warnings }: Findings): void {
  const isWritten = (whole: string, stack: readonly unknown[]) => {
    const raw = rawOf(stack.at(-1) as Text, source)
    return raw.includes(whole) && !raw.includes(`\\${whole}`)
  }
  findAndReplace(tree, [
    [
      highlight,
      (whole: string, words: string, { stack }: { stack: readonly unknown[] }) =>
        isWritten(whole, stack) && mark(words),
    ],
    [
      attributeList,
      (whole: string, { stack }: { stack: readonly unknown[] }) => {
        // The id of a heading is read with the heading.
        if (stack.some((node) => (node as PhrasingContent | { type: 'heading' }).type === 'heading')) return false
        if (!isWritten(whole, stack)) return false
        warnings.push(at(stack.at(-1) as Text, 'has attributes in {: …}, which are left out'))
        return null
      },
    ],
  ])
  walk(tree, (node) => {
    if (node.type === 'paragraph') {
      const last = node.children.at(-1)
      if (last?.type === 'text' && blockName.test(last.value)) {
        last.value = last.value.replace(blockName, '')
        warnings.push(at(node, 'has the name of a block (^name), which is left out'))
      }
    }
    if (node.type === 'text' && unknownEmoji.test(node.value)) {
      warnings.push(at(node, 'has a word between colons that is no known emoji; it is shown as written'))
    }
  })
  dropEmptyParagraphs(tree)
}

const mark = (words: string): PhrasingContent => ({
  type: 'emphasis',
  children: [{ type: 'text', value: words }],
  data: { hName: 'mark' },
})

function dropEmptyParagraphs(tree: Root): void {
  const isEmpty = (node: Root['children'][number]) =>
    node.type === 'paragraph' && node.children.every((child) => child.type === 'text' && child.value.trim() === '')
  tree.children = tree.children.filter((node) => !isEmpty(node))
}

interface Abbreviation {
  readonly meaning: string
  /** Of the block that defines it. */
  readonly index: number
}

const definitionForm = /^\*\[([^\]\n]{1,100})\]:[ \t]*(.*)$/

/**
 * Gives abbreviations their meaning, as `*[HTML]: HyperText Markup Language` defines it. What is defined below the cut counts
 * below it only: the meaning would otherwise be read in the public part.
 *
 * @param cut index of the block at which the public part ends, or null
 */
export function shapeAbbreviations(tree: Root, cut: number | null): void {
  const found = new Map<string, Abbreviation>()
  const blocks = tree.children.flatMap((node, index) => {
    const lines = node.type === 'paragraph' ? toString(node).split('\n') : []
    const definitions = lines.flatMap((line) => {
      const [, name, meaning] = definitionForm.exec(line) ?? []
      return name === undefined || meaning === undefined ? [] : [{ name, meaning }]
    })
    if (definitions.length === 0 || definitions.length < lines.length) return [{ node, index }]
    for (const { name, meaning } of definitions) if (!found.has(name)) found.set(name, { meaning, index })
    return []
  })
  if (found.size === 0) return
  const isAbove = ({ index }: { index: number }) => cut === null || index < cut
  const above = new Map([...found].filter(([, { index }]) => isAbove({ index })))
  for (const [part, known] of [
    [blocks.filter(isAbove), above],
    [blocks.filter((block) => !isAbove(block)), found],
  ] as const) {
    expand({ type: 'root', children: part.map(({ node }) => node) }, known)
  }
  tree.children = blocks.map(({ node }) => node)
}

function expand(part: Root, known: ReadonlyMap<string, Abbreviation>): void {
  if (known.size === 0) return
  const names = [...known.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  findAndReplace(
    part,
    [
      new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join('|')})(?![\\p{L}\\p{N}])`, 'gu'),
      (name: string): PhrasingContent => ({
        type: 'emphasis',
        children: [{ type: 'text', value: name }],
        data: { hName: 'abbr', hProperties: { title: known.get(name)?.meaning ?? '' } },
      }),
    ],
    { ignore: ['heading'] },
  )
}
