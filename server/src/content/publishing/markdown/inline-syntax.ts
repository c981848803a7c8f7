import type { Nodes, Parents, PhrasingContent, Root } from 'mdast'
import { findAndReplace } from 'mdast-util-find-and-replace'
import { toString } from 'mdast-util-to-string'
import { at, parentsIn, rawOf, walk, type Findings } from './nodes.ts'
import { shapeHighlights } from './highlights-and-attributes.ts'

/** Obsidian's name of a block, at the end of the block. */
const blockName = /[ \t]\^[a-z\d-]{2,40}$/i
/** Pandoc, Goldmark and markdown-it show text between single tildes as a subscript. GitHub strikes it through. */
const subscript = /^~[^~\s]{1,20}~$/
const superscript = /[\p{L}\p{N})\]]\^[^\s^]{1,20}\^/u
const unknownEmoji = /(?<![\w:/]):[a-z][\w+-]*:(?![\w:/])/i

/** Transforms highlights, and drops inline syntax that only other systems use, with a warning. */
export function shapeInlineSyntax(tree: Root, source: string, { problems, warnings }: Findings): void {
  shapeHighlights(tree)
  dropContents(tree, warnings)
  for (const parent of parentsIn(tree)) {
    if (parent.children.some(({ type }) => type === 'attributeList')) dropAttributes(parent, { problems, warnings })
  }
  walk(tree, (node) => {
    if (node.type === 'paragraph') {
      const last = node.children.at(-1)
      if (last?.type === 'text' && blockName.test(last.value)) {
        last.value = last.value.replace(blockName, '')
        warnings.push(at(node, 'has the name of a block (^name), which is ignored'))
      }
    }
    if (node.type === 'delete' && subscript.test(rawOf(node, source))) {
      warnings.push(at(node, 'has a word between single ~, which is struck through; write <sub> for a subscript'))
    }
    if (node.type === 'text' && superscript.test(node.value)) {
      warnings.push(at(node, 'has a word between ^, which is shown as written; write <sup> for a superscript'))
    }
    if (node.type === 'text' && unknownEmoji.test(node.value)) {
      warnings.push(at(node, 'has a word between colons that is not a known emoji; it is shown as written'))
    }
  })
  dropEmptyParagraphs(tree)
}

/** Drops attribute lists. Keeps the id of a heading, which `shapeHeadings` reads. */
function dropAttributes(parent: Parents, { problems, warnings }: Findings): void {
  const kept: Nodes[] = []
  for (const [index, node] of parent.children.entries()) {
    const isOwnId = parent.type === 'heading' && index === parent.children.length - 1
    if (node.type !== 'attributeList' || (isOwnId && node.value.includes('#'))) {
      kept.push(node)
      continue
    }
    if (/^\{::\s*(?:comment|nomarkdown)\b/i.test(node.value)) {
      problems.push(at(node, 'has a kramdown block ({::…}) that is not supported; remove it'))
    } else warnings.push(at(node, 'has attributes in braces, {: …} or {.…}, which are ignored'))
    const before = kept.at(-1)
    const isLast = index === parent.children.length - 1
    if (before?.type === 'text')
      before.value = isLast ? before.value.trimEnd() : before.value.replace(/(?<![ \t])[ \t]+$/, '')
  }
  parent.children = kept as Parents['children']
}

/** Drops kramdown's placeholder for a table of contents: a list of one entry with the attribute `toc`. */
function dropContents(tree: Root, warnings: Findings['warnings']): void {
  const isContents = (node: Nodes): boolean => {
    if (node.type === 'list') return node.children.length === 1 && node.children.every(isContents)
    if (node.type === 'listItem') return node.children.every(isContents)
    if (node.type !== 'paragraph') return false
    return node.children.some((child) => child.type === 'attributeList' && /^\{:\s*toc\b/.test(child.value))
  }
  tree.children = tree.children.filter((node) => {
    if (node.type !== 'list' || !isContents(node)) return true
    warnings.push(at(node, 'has a placeholder for a table of contents, which is ignored'))
    return false
  })
}

function dropEmptyParagraphs(tree: Root): void {
  const isEmpty = (node: Root['children'][number]) =>
    node.type === 'paragraph' && node.children.every((child) => child.type === 'text' && child.value.trim() === '')
  tree.children = tree.children.filter((node) => !isEmpty(node))
}

/** The limit exists because each word is compared with all abbreviations. */
const mostAbbreviations = 200

interface Abbreviation {
  readonly meaning: string
  /** The index of the block that defines it. */
  readonly index: number
  readonly node: Nodes
}

const definitionForm = /^\*\[([^\]\n]{1,100})\]:[ \t]*(.*)$/

/**
 * Expands abbreviations that are defined by lines such as `*[HTML]: HyperText Markup Language`. A definition below the cut
 * applies only below it, because its meaning must not appear in the public part.
 *
 * @param cut index of the block at which the public part ends, or null
 */
export function shapeAbbreviations(tree: Root, cut: number | null, { problems, warnings }: Findings): void {
  const found = new Map<string, Abbreviation>()
  let tooMany = null as Nodes | null
  const blocks = tree.children.flatMap((node, index) => {
    const lines = node.type === 'paragraph' ? toString(node).split('\n') : []
    const definitions = lines.flatMap((line) => {
      const [, name, meaning] = definitionForm.exec(line) ?? []
      return name === undefined || meaning === undefined ? [] : [{ name, meaning }]
    })
    if (definitions.length === 0 || definitions.length < lines.length) return [{ node, index }]
    for (const { name, meaning } of definitions) if (!found.has(name)) found.set(name, { meaning, index, node })
    if (found.size > mostAbbreviations) tooMany ??= node
    return []
  })
  if (found.size === 0) return
  if (tooMany !== null) return void problems.push(at(tooMany, `has more than ${mostAbbreviations} abbreviations`))
  const isAbove = ({ index }: { index: number }) => cut === null || index < cut
  const above = new Map([...found].filter(([, { index }]) => isAbove({ index })))
  const used = new Set<string>()
  for (const [part, known] of [
    [blocks.filter(isAbove), above],
    [blocks.filter((block) => !isAbove(block)), found],
  ] as const) {
    expand({ type: 'root', children: part.map(({ node }) => node) }, known, used)
  }
  for (const [name, { node }] of found) {
    if (!used.has(name)) warnings.push(at(node, 'defines an abbreviation that does not occur in its part of the text'))
  }
  tree.children = blocks.map(({ node }) => node)
}

function expand(part: Root, known: ReadonlyMap<string, Abbreviation>, used: Set<string>): void {
  if (known.size === 0) return
  const names = [...known.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  findAndReplace(
    part,
    [
      new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join('|')})(?![\\p{L}\\p{N}])`, 'gu'),
      (name: string): PhrasingContent => {
        used.add(name)
        return {
          type: 'emphasis',
          children: [{ type: 'text', value: name }],
          data: { hName: 'abbr', hProperties: { title: known.get(name)?.meaning ?? '' } },
        }
      },
    ],
    { ignore: ['heading'] },
  )
}
