import type { Element, Nodes as HastNodes, Root as HastRoot } from 'hast'
import { toText } from 'hast-util-to-text'
import { all, common, createLowlight } from 'lowlight'
import type { Root } from 'mdast'
import { at, walk, type Findings } from './nodes.ts'

const more = new Set(['dockerfile', 'elixir', 'haskell', 'http', 'latex', 'nginx', 'powershell', 'scala'])
const lowlight = createLowlight({
  ...common,
  ...Object.fromEntries(Object.entries(all).filter(([name]) => more.has(name))),
})
lowlight.registerAlias({
  ini: ['toml'],
  javascript: ['mjs', 'cjs'],
  typescript: ['mts', 'cts'],
  xml: ['vue', 'svelte', 'astro'],
})

/** Longer code is not highlighted, because some grammars take more than linear time. */
const longestHighlighted = 20_000
const diagrams = new Set([
  'mermaid',
  'plantuml',
  'puml',
  'dot',
  'graphviz',
  'd2',
  'vega',
  'vega-lite',
  'flow',
  'sequence',
])

/** Jekyll and Hugo remove these escape marks from code. Gatepost shows them. */
const escapesInCode = /\{%-?\s*(?:end)?raw\s*-?%\}|\{\{[<%]\/\*/

/** Plugins of Gatsby replace such code by a player or a frame. */
const embedForm =
  /^(?:(?:video|youtube|vimeo|twitch|soundcloud|gist|codepen|codesandbox|instagram):[ \t]?[\w./:?=&#%@-]+|(?:embed|oembed):[ \t]?https?:\/\/\S+)$/

/** Keeps only the language of a fence's line, and warns of code that other generators would transform. */
export function checkCode(tree: Root, { warnings }: Findings): void {
  walk(tree, (node) => {
    if ((node.type === 'code' || node.type === 'inlineCode') && escapesInCode.test(node.value))
      warnings.push(
        at(node, 'has code with escape marks of another generator ({% raw %}, {{</* */>}}), which are shown'),
      )
    if (node.type === 'inlineCode' && embedForm.test(node.value))
      warnings.push(at(node, 'has code that another generator replaces by an embed; it is shown as code'))
    if (node.type !== 'code' || !node.lang) return
    const lang = /^[\w+#.-]+/.exec(node.lang)?.[0] ?? null
    const rest = node.lang.slice(lang?.length ?? 0) + (node.meta ?? '')
    node.lang = lang
    if (rest !== '') warnings.push(at(node, 'has code with words after its language, which are ignored'))
    if (diagrams.has(lang?.toLowerCase() ?? '')) {
      warnings.push(at(node, 'has a diagram as code; its source is shown'))
    }
  })
}

/** Highlights code with the classes of highlight.js, so that pages need no script. Code in unknown languages stays plain. */
export function highlightCode(node: HastNodes): void {
  if (node.type === 'element' && node.tagName === 'pre') {
    const [code] = node.children
    if (code?.type === 'element' && code.tagName === 'code') return colour(code)
  }
  if ('children' in node) for (const child of node.children) highlightCode(child)
}

function colour(code: Element): void {
  const classes = Array.isArray(code.properties.className) ? code.properties.className : []
  const lang = String(classes.find((name) => String(name).startsWith('language-')) ?? '').slice('language-'.length)
  const text = toText(code, { whitespace: 'pre' })
  if (lang === '' || text.length > longestHighlighted || !lowlight.registered(lang)) return
  const tree: HastRoot = lowlight.highlight(lang, text)
  code.children = tree.children as Element['children']
}
