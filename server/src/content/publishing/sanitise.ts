import type { Nodes, Root } from 'hast'
import rehypeSanitize, { type Options } from 'rehype-sanitize'
import { unified } from 'unified'
import { linkProtocols } from './markdown/addresses.ts'
import { idPrefix } from './markdown/headings.ts'

const mathElements = [
  ...['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt', 'mroot', 'msub', 'msup', 'msubsup'],
  ...['munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts', 'none', 'mtable', 'mtr', 'mtd', 'mpadded'],
  ...['mphantom', 'mstyle', 'menclose', 'merror'],
]
const length = /^-?\d*\.?\d+(?:em|ex|px|pt|mu|%)?$/
const word = /^[a-z-]+$/
/** The allowed attributes of MathML. None of them contains an address or triggers an action. */
const mathAttributes: NonNullable<NonNullable<Options['attributes']>[string]> = [
  [
    'className',
    /^(?:tml|chr|wbk|ff|phasor|longdiv|circle)-[\w-]+$|^(?:mathcal|mathscr|menclose|upstrike|downstrike|sout)$/,
  ],
  ['display', 'block', 'inline'],
  ...[
    'displaystyle',
    'stretchy',
    'symmetric',
    'fence',
    'separator',
    'largeop',
    'movablelimits',
    'accent',
    'accentunder',
  ].map((name): [string, ...string[]] => [name, 'true', 'false']),
  ...['lspace', 'rspace', 'width', 'height', 'depth', 'voffset', 'minsize', 'maxsize', 'linethickness', 'mathsize'].map(
    (name): [string, RegExp] => [name, length],
  ),
  ...['mathcolor', 'mathbackground'].map((name): [string, RegExp] => [name, /^#[\da-f]{3,8}$/i]),
  ['scriptlevel', /^[+-]?\d$/],
  ...['form', 'mathvariant', 'notation', 'columnalign', 'rowalign'].map((name): [string, RegExp] => [name, word]),
  ...['columnlines', 'rowlines', 'columnspacing', 'rowspacing'].map((name): [string, RegExp] => [name, /^[\w. -]+$/]),
  ...['rowspan', 'columnspan'].map((name): [string, RegExp] => [name, /^\d{1,2}$/]),
]

const ownId: [string, RegExp] = ['id', new RegExp(`^${idPrefix}`)]

/**
 * The allowlist of HTML in articles: no styles, no scripts, no form controls except disabled check boxes, no ids without the
 * prefix, and images from https: only. Applied last to all HTML.
 */
const schema: Options = {
  allowComments: false,
  allowDoctypes: false,
  tagNames: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'blockquote',
      'hr',
      'pre',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
      'section',
    ],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'figure', 'figcaption', 'details', 'summary'],
    ...['a', 'br', 'code', 'del', 'em', 'img', 'input', 'strong', 'sup', 'span'],
    ...['abbr', 'bdi', 'ins', 'kbd', 'mark', 'rp', 'rt', 'ruby', 'sub', 'wbr'],
    ...mathElements,
  ],
  attributes: {
    '*': [
      ['lang', /^[a-z]{2,8}(?:-[a-z\d]{1,8})*$/i],
      ['dir', 'ltr', 'rtl', 'auto'],
    ],
    a: [
      ...['href', 'title', 'ariaDescribedBy', 'ariaLabel', 'dataFootnoteRef', 'dataFootnoteBackref'],
      ['dataBelow', new RegExp(`^#${idPrefix}`)],
      ['className', 'data-footnote-backref', 'heading-anchor'],
      ownId,
    ],
    abbr: ['title'],
    code: [['className', /^language-./]],
    details: [
      ['className', /^callout(?:-[a-z]+)?$/],
      ['open', true],
    ],
    div: [
      ['className', /^callout(?:-[a-z]+)?$|^heading$/],
      ['role', 'note'],
    ],
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, [ownId]])),
    h2: [
      ['id', new RegExp(`^${idPrefix}|^footnote-label$`)],
      ['className', 'sr-only'],
    ],
    img: [['src', /^https:\/\//], 'alt', 'title', ['width', /^\d{1,4}$/], ['height', /^\d{1,4}$/]],
    input: [
      ['disabled', true],
      ['type', 'checkbox'],
      ['checked', true],
    ],
    li: [ownId, ['className', 'task-list-item']],
    ol: ['start', ['className', 'contains-task-list']],
    p: [['className', 'callout-title']],
    section: ['dataFootnotes', ['className', 'footnotes']],
    span: [['className', /^hljs-[\w-]+$|^(?:function|class|inherited)_+$/]],
    summary: [['className', 'callout-title']],
    td: [['align', 'left', 'center', 'right']],
    th: [['align', 'left', 'center', 'right']],
    ul: [['className', 'contains-task-list']],
    math: [...mathAttributes, 'alttext'],
    ...Object.fromEntries(mathElements.slice(1).map((name) => [name, mathAttributes])),
  },
  ancestors: {
    ...Object.fromEntries(['tbody', 'td', 'th', 'thead', 'tr'].map((name) => [name, ['table']])),
    ...Object.fromEntries(['dt', 'dd'].map((name) => [name, ['dl']])),
    ...Object.fromEntries(mathElements.slice(1).map((name) => [name, ['math']])),
    summary: ['details'],
  },
  required: { input: { disabled: true, type: 'checkbox' } },
  strip: ['script', 'style', 'iframe', 'object', 'template', 'annotation', 'annotation-xml'],
  protocols: { href: [...linkProtocols], src: ['https'] },
  // All ids have the prefix already or are removed.
  clobber: [],
}

const processor = unified().use(rehypeSanitize, schema).freeze()

/** Removes everything that the allowlist does not name. This is a last guard, because earlier checks refuse unsupported content. */
export function sanitise(tree: Root): Root {
  const safe = processor.runSync(tree)
  dropEmptyClasses(safe)
  return safe
}

function dropEmptyClasses(node: Nodes): void {
  if (!('children' in node)) return
  if (node.type === 'element' && Array.isArray(node.properties.className) && node.properties.className.length === 0) {
    delete node.properties.className
  }
  for (const child of node.children) dropEmptyClasses(child)
}
