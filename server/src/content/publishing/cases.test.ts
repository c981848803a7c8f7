import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { prepareArticle } from './prepare.ts'
import { formatProblem } from './problems.ts'

const folder = path.join(import.meta.dirname, 'fixtures')
const read = (name: string) => prepareArticle(name, readFileSync(path.join(folder, name)))

const emoji = '👩‍👩‍👧‍👦'
const published: Record<string, object> = {
  'arabic.md': { readingMinutes: 1, excerpt: expect.stringMatching(/^هذا نص قصير عن الحديقة\. .* هذا نص$/u) },
  'cjk-long.md': { readingMinutes: 11, excerpt: expect.stringMatching(/^(春の庭は静かです。){22}春の$/u) },
  'emoji-excerpt.md': { readingMinutes: 1, excerpt: emoji.repeat(18) },
  'excerpt-heading.md': { excerpt: 'The pond is deep.' },
  'md-abbr.md': { wholeHtml: '<p>The <abbr title="HyperText">HTML</abbr> spec.</p>' },
  'md-alert.md': {
    wholeHtml:
      '<div class="callout callout-note" role="note">\n<p class="callout-title" lang="en" dir="ltr">Note</p>\n<p>Take care of the pond.</p>\n</div>',
    excerpt: 'Take care of the pond.',
  },
  'md-angle-text.md': { wholeHtml: '<p>Use List&#x3C;String> in Java, and a &#x3C; b.</p>' },
  'md-deflist.md': { wholeHtml: '<dl>\n<dt>Term</dt>\n<dd>Its meaning</dd>\n</dl>' },
  'md-h1.md': {
    wholeHtml: expect.stringMatching(
      /^<div class="heading">\n<h2 id="user-content-same-as-the-title">Same as the title<\/h2>\n<a .*<\/a>\n<\/div>\n<p>Text/,
    ),
    excerpt: 'Text.',
  },
  'md-heading-anchor.md': {
    wholeHtml:
      '<p><a href="#user-content-the-end">Down</a></p>\n' +
      '<div class="heading">\n<h2 id="user-content-the-end">The end</h2>\n' +
      '<a class="heading-anchor" href="#user-content-the-end" aria-label="Permalink: The end">#</a>\n</div>\n' +
      '<p>Text.</p>',
  },
  'md-html-details.md': { wholeHtml: '<details><summary>More</summary>\n<p>Hidden text.</p>\n</details>' },
  'md-html-kbd.md': {
    wholeHtml: '<p>Press <kbd>Ctrl</kbd> + <kbd>S</kbd>, then H<sub>2</sub>O and x<sup>2</sup>.</p>',
  },
  'md-html-table-br.md': { wholeHtml: expect.stringContaining('<td>one<br>two</td>') },
  'md-image-figure.md': {
    wholeHtml: expect.stringContaining(
      '<figure><img src="https://example.org/p.png" alt="A pond"><figcaption>The caption of the pond</figcaption></figure>',
    ),
  },
  'md-math.md': {
    wholeHtml: expect.stringMatching(
      /^<p>Energy is <math alttext="E = mc\^2">.*<msup><mi>c<\/mi>.*<\/math> and<\/p>\n<math display="block".*<msubsup>.*<mfrac>.*<\/math>\n<p>End\.<\/p>$/s,
    ),
    excerpt: 'Energy is E = mc^2 and End.',
    warnings: [],
  },
  'md-members-only.md': { previewHtml: '<p>Public.</p>\n', restHtml: '<p>Rest.</p>' },
  'md-mermaid.md': {
    wholeHtml: expect.stringContaining('<pre><code class="language-mermaid">graph TD; A-->B;\n'),
    warnings: [expect.objectContaining({ line: 12, message: expect.stringContaining('has a diagram as code') })],
  },
  'md-more-mdx.md': { previewHtml: '<p>Public.</p>\n', restHtml: '<p>Rest.</p>' },
  'md-truncate.md': { previewHtml: '<p>Public.</p>\n', restHtml: '<p>Rest.</p>' },
}
const refused: Record<string, string[]> = {
  'md-html-iframe.md': ['md-html-iframe.md:12: has raw HTML, <iframe>'],
  'md-image-http.md': ['md-image-http.md:12: has an image to http:, which is not one of https'],
  'md-image-relative.md': ['md-image-relative.md:12: has an image without a full https: address'],
  'md-import-mdx.md': [
    'md-import-mdx.md:10: has an MDX import or export',
    'md-import-mdx.md:12: has raw HTML, the component <A>',
  ],
  'md-link-relative-md.md': [
    'md-link-relative-md.md:10: has a relative link that leads to no article among these files',
  ],
  'md-shortcode.md': ['md-shortcode.md:10: has a shortcode or an expression of a template'],
  'md-tel.md': ['md-tel.md:10: has a link to magnet:, which is not one of http, https, mailto, tel, sms, xmpp'],
}

test('each case has an expected outcome', () => {
  expect([...Object.keys(published), ...Object.keys(refused)].sort()).toEqual(readdirSync(folder).sort())
})

test.each(Object.entries(published))('renders %s', (name, outcome) => {
  expect(read(name)).toMatchObject(outcome)
})

test.each(Object.entries(refused))('refuses %s and names the line', (name, messages) => {
  const prepared = read(name)
  const said = 'problems' in prepared ? prepared.problems.map(formatProblem) : []
  expect(said).toEqual(messages.map((message) => expect.stringContaining(message)))
})
