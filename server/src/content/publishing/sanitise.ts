import type { Root } from 'hast'
import rehypeSanitize, { type Options } from 'rehype-sanitize'
import { unified } from 'unified'

/** What browsers may be sent to from a text, and what an image may come from. Relative addresses pass. */
export const linkProtocols: readonly string[] = ['http', 'https', 'mailto']
export const imageProtocols: readonly string[] = ['http', 'https']

/**
 * What Markdown itself can make, and nothing else: no style, no script, no form but a dead check box, no name that a page's
 * own script could trip over. GitHub's schema allows more, for raw HTML, which is refused here before.
 */
const schema: Options = {
  // The one comment is the cut; markdown.ts has dropped all others.
  allowComments: true,
  allowDoctypes: false,
  tagNames: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'blockquote', 'hr', 'pre', 'ul', 'ol', 'li', 'section'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ...['a', 'br', 'code', 'del', 'em', 'img', 'input', 'strong', 'sup'],
  ],
  attributes: {
    a: [
      ...['href', 'title', 'id', 'ariaDescribedBy', 'ariaLabel', 'dataFootnoteRef', 'dataFootnoteBackref'],
      ['className', 'data-footnote-backref'],
    ],
    code: [['className', /^language-./]],
    h2: ['id', ['className', 'sr-only']],
    img: ['src', 'alt', 'title'],
    input: [
      ['disabled', true],
      ['type', 'checkbox'],
      ['checked', true],
    ],
    li: ['id', ['className', 'task-list-item']],
    ol: ['start', ['className', 'contains-task-list']],
    section: ['dataFootnotes', ['className', 'footnotes']],
    td: [['align', 'left', 'center', 'right']],
    th: [['align', 'left', 'center', 'right']],
    ul: [['className', 'contains-task-list']],
  },
  ancestors: { tbody: ['table'], td: ['table'], th: ['table'], thead: ['table'], tr: ['table'] },
  required: { input: { disabled: true, type: 'checkbox' } },
  strip: ['script', 'style', 'iframe', 'object', 'template'],
  protocols: { href: [...linkProtocols], src: [...imageProtocols] },
  // Only footnotes have ids, and remark-rehype has prefixed them already.
  clobber: [],
}

const processor = unified().use(rehypeSanitize, schema).freeze()

/** Takes out of a tree whatever an article may not hold. The last guard: what writers can write is refused before. */
export const sanitise = (tree: Root): Root => processor.runSync(tree)
