import type { Nodes, Root } from 'mdast'
import { at, lineOf, rawOf, walk, type Findings } from './nodes.ts'

// WordPress, Hugo and Hexo: more. Ghost: members-only. Docusaurus: truncate. Gatsby: end.
const comment = String.raw`<!--\s*(?:more|members-only|truncate|end)\s*-->`
const expression = String.raw`\{/\*\s*(?:more|members-only|truncate|end)\s*\*/\}`
const cutForm = new RegExp(`^\\s*(?:${comment}|${expression})\\s*$`, 'i')
const holdsCut = new RegExp(`${comment}|${expression}`, 'i')
const mdxComment = /^\{\/\*(?:(?!\*\/)[\s\S])*\*\/\}$/

/**
 * Finds the node at which the public part ends, and refuses ambiguous marks. Turns MDX comments on separate lines into HTML comments.
 *
 * @returns null if the text has no mark
 */
export function findCut(tree: Root, source: string, { problems }: Findings): Nodes | null {
  tree.children.forEach((node, index) => {
    const raw = node.type === 'paragraph' ? rawOf(node, source).trim() : ''
    if (!mdxComment.test(raw)) return
    const value = cutForm.test(raw) ? '<!--more-->' : '<!-- -->'
    tree.children[index] = { type: 'html', value, ...(node.position && { position: node.position }) }
  })
  const cuts: Nodes[] = []
  const inside: Nodes[] = []
  const inCode: Nodes[] = []
  walk(tree, (node, depth) => {
    if (node.type === 'html' && depth === 1 && cutForm.test(node.value)) cuts.push(node)
    else if (node.type === 'html' && holdsCut.test(node.value)) inside.push(node)
    else if (node.type === 'paragraph' && depth > 1 && cutForm.test(rawOf(node, source))) inside.push(node)
    else if ((node.type === 'code' || node.type === 'math') && holdsCut.test(node.value)) inCode.push(node)
  })
  const [cut = null, ...more] = cuts
  for (const node of more) {
    problems.push(at(node, `has a second <!--more-->; the first is on line ${lineOf(cuts[0])}`))
  }
  for (const node of inside) {
    problems.push(at(node, 'has <!--more--> inside another block; put it on a line of its own'))
  }
  // An unclosed fence would hide the mark. Below the real mark, code may contain a mark as an example.
  if (cut === null) {
    for (const node of inCode)
      problems.push(at(node, 'has <!--more--> inside a code block, where it does not end the public part'))
  }
  return cut
}
