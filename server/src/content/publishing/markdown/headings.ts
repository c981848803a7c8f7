import GithubSlugger from 'github-slugger'
import type { Blockquote, Heading, Paragraph, Root } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { at, parentsIn, walk, type Findings } from './nodes.ts'

/** The prefix of all ids in an article, so that they cannot collide with names that the page's scripts use. */
export const idPrefix = 'user-content-'
/** `{#id}` of Docusaurus, Hugo and Pandoc at the end of a text. Classes are ignored. */
const ownId = /^\{#([^\s{}]+)(?:\s([^{}]*))?\}$/
/** kramdown's `{: #id}`. */
const ownIdInList = /^\{:?\s*([^#]*)#([^\s{}]+)(.*)\}$/

/**
 * Transforms the headings of an article. Drops a first h1 that repeats the title. Turns any other h1 into an h2 and moves the
 * headings after it down one level. Gives each heading an id and a link to itself.
 *
 * @returns the ids by the names that links may use
 */
export function shapeHeadings(
  tree: Root,
  title: string | undefined,
  { warnings }: Findings,
): ReadonlyMap<string, string> {
  const headings: Heading[] = []
  walk(tree, (node) => {
    if (node.type === 'heading') headings.push(node)
  })
  const [first] = headings
  if (first?.depth === 1 && title !== undefined && sameWords(toString(first), title) && tree.children.includes(first)) {
    tree.children.splice(tree.children.indexOf(first), 1)
    headings.shift()
  }
  const slugger = new GithubSlugger()
  const ids = new Map<string, string>()
  const anchored = new Map<unknown, Blockquote>()
  let shift = 0
  for (const heading of headings) {
    if (heading.depth === 1) shift = 1
    heading.depth = Math.min(6, heading.depth + shift) as Heading['depth']
    const own = takeOwnId(heading)
    if (own?.rest) warnings.push(at(heading, 'has heading attributes that are ignored; the {#id} is kept'))
    const text = toString(heading).trim()
    const slug = slugger.slug(own ? own.id : idSource(text), own !== null)
    const id = `${idPrefix}${slug}`
    for (const name of [slug, ...(own ? [] : [lettersOf(text)])]) if (!ids.has(name)) ids.set(name, id)
    heading.data = { ...heading.data, hProperties: { id } }
    anchored.set(heading, withAnchor(heading, id, text))
  }
  for (const parent of parentsIn(tree)) {
    const { children } = parent
    if (children.some((child) => anchored.has(child)))
      parent.children = children.map((child) => anchored.get(child) ?? child)
  }
  return ids
}

/** Puts a link to a heading beside it, as GitHub does. Inside the heading, screen readers would read it as a part of the text. */
function withAnchor(heading: Heading, id: string, text: string): Blockquote {
  const anchor: Paragraph = {
    type: 'paragraph',
    children: [{ type: 'text', value: '#' }],
    data: {
      hName: 'a',
      hProperties: { className: ['heading-anchor'], href: `#${id}`, ariaLabel: `Permalink: ${text}`.trim() },
    },
  }
  return {
    type: 'blockquote',
    children: [heading, anchor],
    data: { hName: 'div', hProperties: { className: ['heading'] } },
    ...(heading.position && { position: heading.position }),
  }
}

/** Reduces a text to its letters and digits, so that links match headings although other systems derive ids by other rules. */
export const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const sameWords = (a: string, b: string): boolean => {
  const words = (text: string) => lettersOf(text) || text.trim()
  return words(a) === words(b)
}

/** Returns the text for the id of a heading. Avoids the ids of footnotes (fn-… and fnref-…) and an empty id. */
function idSource(text: string): string {
  if (/^fn(ref)?\b/i.test(text.trim())) return `section ${text}`
  return new GithubSlugger().slug(text) === '' ? 'section' : text
}

function takeOwnId(heading: Heading): { id: string; rest: boolean } | null {
  const last = heading.children.at(-1)
  if (last?.type === 'attributeList') {
    heading.children.pop()
    trimLast(heading)
    const [, before = '', id = '', after = ''] = ownIdInList.exec(last.value) ?? []
    return id === '' ? null : ownIdOf(id, before + after)
  }
  if (last?.type !== 'text') return null
  const start = last.value.lastIndexOf('{')
  const [mark, id, rest = ''] = (start !== -1 && ownId.exec(last.value.slice(start).trimEnd())) || []
  if (mark === undefined || id === undefined) return null
  last.value = last.value.slice(0, start)
  trimLast(heading)
  return ownIdOf(id, rest)
}

const ownIdOf = (id: string, rest: string) => ({
  id: /^fn(ref)?-/.test(id) ? `section-${id}` : id,
  rest: rest.trim() !== '',
})

function trimLast(heading: Heading): void {
  const last = heading.children.at(-1)
  if (last?.type === 'text') last.value = last.value.trimEnd()
}
