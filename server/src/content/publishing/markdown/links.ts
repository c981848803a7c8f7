import type { Definition, Image, Link, PhrasingContent, Root } from 'mdast'
import { findAndReplace } from 'mdast-util-find-and-replace'
import { addressFault, decoded, imageFault, imageProtocols, linkProtocols } from './addresses.ts'
import { idPrefix, lettersOf } from './headings.ts'
import { at, rawOf, walk, type Findings } from './nodes.ts'

/**
 * Finds the article that a link names.
 *
 * @param target a path relative to the file, such as `./other.md`, or the name of a note, such as `note` in `[[note]]`
 * @returns its slug, null if there is none, or `several` if the name is ambiguous
 */
export type LinkTo = (target: string) => { readonly slug: string } | 'several' | null

const siteFolders = /^\/(?:(?:articles|tags|authors|series|plans|account)(?:\/|$)|$|[?#])/

/** Checks all addresses, and resolves links to files and headings. */
export function resolveLinks(
  tree: Root,
  linkTo: LinkTo,
  headings: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const { problems } = findings
  walk(tree, (node) => {
    if (node.type === 'image') {
      const fault = addressFault('an image', node.url, imageProtocols) ?? imageFault(node.url)
      if (fault) problems.push(at(node, fault))
    }
    if (node.type !== 'link' && node.type !== 'definition') return
    // A definition may belong to an image. refuseImagesByDefinition checks those.
    const fault = addressFault('a link', node.url, linkProtocols)
    if (fault) problems.push(at(node, fault))
    else resolve(node, linkTo, headings, findings)
  })
  refuseImagesByDefinition(tree, problems)
}

function resolve(
  node: Link | Definition,
  linkTo: LinkTo,
  headings: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const { problems, warnings } = findings
  if (node.url.startsWith('#')) {
    const id = idOf(node.url.slice(1), headings)
    if (id !== null) node.url = id === '' ? '#' : `#${id}`
    else {
      warnings.push(at(node, 'has a link to a heading that is not in the article; its text is shown without a link'))
      node.url = ''
    }
  } else if (node.url === '') {
    warnings.push(at(node, 'has a link without an address; its text is shown without a link'))
  } else if (/^\/(?!\/)/.test(node.url)) {
    if (!siteFolders.test(node.url)) {
      warnings.push(at(node, 'has a link to an address of this site that is not one of its pages'))
    }
  } else if (!/^(?:[a-z][\w+.-]*:|\/\/)/i.test(node.url)) {
    const [, path = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(node.url) ?? []
    const found = path === '' ? null : linkTo(decoded(path))
    if (found === 'several') problems.push(at(node, `has a relative link ${several}`))
    else if (found !== null) node.url = articleAddress(found.slug, hash)
    else {
      const what = query === '' ? 'a relative link' : 'a relative link with a query'
      problems.push(
        at(
          node,
          `has ${what} that leads to no article among these files; publish the files together, or link to the address`,
        ),
      )
    }
  }
}

const several = 'whose name matches more than one of these files; write the relative path of the file'

const articleAddress = (slug: string, hash: string): string =>
  `/articles/${encodeURIComponent(slug)}/${hash.length > 1 ? `#${idPrefix}${hash.slice(1)}` : ''}`

/** Returns the id of a heading by a name that links use. Empty for the top of the page, null if there is no such heading. */
function idOf(name: string, headings: ReadonlyMap<string, string>): string | null {
  const plain = decoded(name)
  if (plain === '' || plain === 'top') return ''
  const bare = plain.startsWith(idPrefix) ? plain.slice(idPrefix.length) : plain
  return headings.get(bare) ?? headings.get(bare.toLowerCase()) ?? headings.get(lettersOf(bare)) ?? null
}

function refuseImagesByDefinition(tree: Root, problems: Findings['problems']): void {
  const definitions = new Map<string, Definition>()
  walk(tree, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
  })
  walk(tree, (node) => {
    const url = node.type === 'imageReference' ? definitions.get(node.identifier)?.url : undefined
    const fault = url === undefined ? null : (addressFault('an image', url, imageProtocols) ?? imageFault(url))
    if (fault) problems.push(at(node, fault))
  })
}

/** Turns `[[note]]`, `[[note|words]]` and `[[note#part]]` into links. Shows the plain text if there is no such article. */
export function resolveWikiLinks(tree: Root, source: string, linkTo: LinkTo, findings: Findings): void {
  const { problems, warnings } = findings
  findAndReplace(
    tree,
    [
      /\[\[([^[\]\n|]{0,300})(?:\|([^[\]\n]{1,300}))?\]\]/g,
      (whole: string, target: string, words: string | undefined, { stack }: { stack: readonly unknown[] }) => {
        const text = stack.at(-1) as PhrasingContent
        // An escaped link is literal text.
        if (!rawOf(text, source).includes(whole)) return false
        const [name = '', part] = target.split('#', 2)
        const label: PhrasingContent[] = [{ type: 'text', value: (words ?? (name || part) ?? '').trim() }]
        if (name.trim() === '' && part)
          return { type: 'link', url: `#${part.trim()}`, children: label, ...positionOf(text) }
        const found = linkTo(name.trim())
        if (found === 'several') {
          problems.push(at(text, `has a [[link]] ${several}`))
          return label
        }
        if (found !== null) {
          const hash = part ? `#${part.trim().toLowerCase().replace(/\s+/g, '-')}` : ''
          return { type: 'link', url: articleAddress(found.slug, hash), children: label, ...positionOf(text) }
        }
        warnings.push(
          at(text, 'has a [[link]] that leads to no article among these files; its text is shown without a link'),
        )
        return label
      },
    ],
    { ignore: ['link', 'linkReference'] },
  )
}

const positionOf = ({ position }: PhrasingContent) => (position ? { position } : {})

/** Turns a paragraph of one image with a title into a figure. The title becomes the caption. */
export function shapeFigures(tree: Root): void {
  walk(tree, (node) => {
    if (node.type !== 'paragraph' || node.children.length !== 1) return
    const [image] = node.children as [Image]
    if (image.type !== 'image' || !image.title) return
    const caption: PhrasingContent = {
      type: 'emphasis',
      children: [{ type: 'text', value: image.title }],
      data: { hName: 'figcaption' },
    }
    node.data = { ...node.data, hName: 'figure' }
    node.children = [{ ...image, title: null }, caption]
  })
}
