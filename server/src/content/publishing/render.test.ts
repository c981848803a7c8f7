import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { prepareArticle, type PreparedArticle } from './prepare.ts'
import { renderArticle, type Rendered } from './render.ts'

const folder = path.resolve(import.meta.dirname, '../../../../prisma/content')
const pieces = readdirSync(folder).map((name) => [name, prepared(name, readFileSync(path.join(folder, name)))] as const)

function prepared(name: string, bytes: Buffer): PreparedArticle {
  const article = prepareArticle(name, bytes)
  if ('problems' in article) throw new Error(JSON.stringify(article.problems))
  return article
}

function rendered(markdown: string, visibility: 'PUBLIC' | 'PAID' = 'PAID'): Rendered {
  const result = renderArticle(markdown, visibility)
  if (Array.isArray(result)) throw new Error(JSON.stringify(result))
  return result
}

/** Returns the letters that Markdown and HTML must have in common, without front matter, tags and entities. */
const letters = (text: string): string =>
  text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<[^>]*>|&#x[0-9A-F]+;|&/g, '')
    .replace(/\P{L}/gu, '')

test('the demo has its 53 pieces', () => {
  expect(pieces).toHaveLength(53)
})

test.each(pieces)('preview and rest of %s join to the whole', (name, { previewHtml, restHtml, wholeHtml }) => {
  const source = readFileSync(path.join(folder, name), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '')
  // The same text without the cut mark.
  const uncut = rendered(source.replace('\n<!--more-->\n', ''), 'PUBLIC').wholeHtml
  expect(wholeHtml).toBe(uncut)
  expect(previewHtml + restHtml).toBe(uncut)
})

test.each(pieces)('preview and rest of %s contain each letter once', (name, { previewHtml, restHtml, excerpt }) => {
  const [publicPart = '', paidPart = ''] = readFileSync(path.join(folder, name), 'utf8').split('<!--more-->')
  expect(letters(paidPart).length).toBeGreaterThan(1000)
  expect({ preview: letters(previewHtml), rest: letters(restHtml) }).toEqual({
    preview: letters(publicPart),
    rest: letters(paidPart),
  })
  expect(letters(publicPart)).toContain(letters(excerpt))
  expect(excerpt.length).toBeLessThanOrEqual(200)
})

const secret = 'SECRET'

test.each([
  ['a footnote', `Public[^1].\n\n<!--more-->\n\nPaid.\n\n[^1]: ${secret}`],
  ['a footnote defined above', `Public[^1].\n\n[^1]: ${secret}\n\n<!--more-->\n\nPaid.`],
  ['a list that goes on', `- Public\n\n<!--more-->\n\n- ${secret}`],
  ['a quote that goes on', `> Public\n\n<!--more-->\n\n> ${secret}`],
  ['a table', `Public\n\n<!--more-->\n\n| a |\n|---|\n| ${secret} |`],
  ['a comment', `Public <!-- ${secret} -->\n\n<!--more-->\n\nPaid ${secret}.`],
  ['a heading', `Public\n\n<!--more-->\n\n## ${secret}\n\nPaid.`],
  ['an id', `Public\n\n<!--more-->\n\n## Paid {#${secret}}\n\nPaid.`],
  ['an abbreviation', `Public\n\n<!--more-->\n\nPaid.\n\n*[Public]: ${secret}\n\n${secret}`],
  ['a link that is used below', `Public\n\n<!--more-->\n\nPaid [a].\n\n[a]: https://x.example/${secret} "${secret}"`],
  ['a note that is used below', `Public\n\n[^1]: ${secret}\n\n<!--more-->\n\nPaid[^1].`],
  ['a definition list', `Public\n\n<!--more-->\n\n: ${secret}\n\nPaid.`],
  ['a meaning of a term above', `Public\n\n<!--members-only-->\n: ${secret}\n\nPaid.`],
  ['a callout', `Public\n\n<!-- truncate -->\n\n> [!NOTE] ${secret}\n> Paid.`],
  ['a container', `Public\n\n{/* truncate */}\n\n:::note[${secret}]\nPaid.\n:::`],
  ['a formula', `Public\n\n<!-- end -->\n\nPaid $${secret}$.`],
  ['HTML', `Public\n\n<!-- more -->\n\n<details><summary>${secret}</summary>\n\nPaid.\n\n</details>`],
])('the preview contains nothing of the rest: %s', (_, markdown) => {
  const { previewHtml, restHtml, wholeHtml, excerpt } = rendered(markdown)
  expect(previewHtml).toContain('Public')
  expect(previewHtml).not.toContain(secret)
  expect(excerpt).toBe('Public' + (markdown.includes('Public[^1].') ? '.' : ''))
  expect(restHtml).toContain(secret)
  expect(wholeHtml).toBe(previewHtml.replace(/( id="[^"]*".*?) data-below=("[^"]*")/, ' href=$2$1') + restHtml)
})

test('a heading below the cut does not change the preview', () => {
  const above = '## A\n\nPublic [a](#a), [c](#c).\n\n<!--more-->\n\n'
  const { previewHtml } = rendered(`${above}Paid.\n\n## C`)
  expect(rendered(`${above}# C\n\n## A\n\nPaid.\n\n### C`).previewHtml).toBe(previewHtml)
  expect(previewHtml).toContain('<a href="#user-content-a">a</a>')
  expect(previewHtml).toContain('<a data-below="#user-content-c">c</a>')
})

test('a link to a heading below the cut is recognised in any script', () => {
  const { previewHtml } = rendered('## الحديقة\n\n[a](#الحديقة) [b](#春)\n\n<!--more-->\n\n## 春\n\nPaid.')
  expect(previewHtml).toMatch(/<a href="#user-content-%[^"]*">a<\/a> <a data-below="#user-content-%[^"]*">b<\/a>/)
})

test('a link in the preview may use a definition below the cut', () => {
  const { previewHtml } = rendered('Public [a][1].\n\n<!--more-->\n\nPaid.\n\n[1]: https://example.org/ "T"')
  expect(previewHtml).toContain('<a href="https://example.org/" title="T">a</a>')
})

test('footnote links work both ways if the rest is shown', () => {
  const { previewHtml, restHtml, wholeHtml } = rendered('Public[^1].\n\n<!--more-->\n\nPaid.\n\n[^1]: Note')
  expect(wholeHtml).toContain('<a href="#user-content-fn-1" id="user-content-fnref-1"')
  expect(previewHtml).toContain(
    '<a id="user-content-fnref-1" data-footnote-ref aria-describedby="footnote-label" data-below="#user-content-fn-1">1</a>',
  )
  expect(restHtml).toContain('<li id="user-content-fn-1">')
  expect(restHtml).toContain('href="#user-content-fnref-1"')
})

test.each([
  ['mark missing', 'Public.\n\nPaid.', 1, 'has no <!--more-->'],
  ['mark first', '\n<!--more-->\n\nPaid.', 2, 'has no text in its public part'],
  ['mark last', 'All.\n\n<!--more-->\n', 3, 'has no text after <!--more-->'],
  ['only notes after the mark', 'All[^1].\n\n<!--more-->\n\n[^1]: Note', 3, 'has no text after <!--more-->'],
  ['two marks', 'A\n\n<!--more-->\n\nB\n\n<!--more-->\n\nC', 7, 'has a second <!--more-->; the first is on line 3'],
  ['mark in a list', '- a\n\n  <!--more-->\n\n  b', 3, 'inside another block'],
  ['mark in a quote', '> a\n>\n> <!--more-->\n>\n> b', 3, 'inside another block'],
  ['mark in a line', 'a\n\nb <!--more--> c', 3, 'inside another block'],
  ['mark before text in its line', 'a\n\n<!--more--> b', 3, 'inside another block'],
  ['mark in a comment', 'a\n\n<!-- old\n<!--more-->\n\nb', 3, 'inside another block'],
  ['mark in a footnote', 'a[^1]\n\n[^1]:\n    n\n\n    <!--more-->\n', 6, 'inside another block'],
  ['mark in a fence', 'a\n\n```\n<!--more-->\n```\n\nb', 3, 'inside a code block'],
  ['mark in an unclosed fence', 'a\n\n```\nx\n\n<!-- more -->\n\nb', 3, 'inside a code block'],
  ['mark in indented code', 'a\n\n    <!--more-->\n\nb', 3, 'inside a code block'],
])('refuses a gated text: %s', (_, markdown, line, message) => {
  expect(renderArticle(markdown, 'PAID')).toEqual([{ line, message: expect.stringContaining(message) }])
})

test('a public text without a mark previews its beginning', () => {
  const paragraph = 'word '.repeat(30).trim()
  const markdown = ['# Title', paragraph, paragraph, paragraph, 'End[^1].', '[^1]: Note'].join('\n\n')
  const { previewHtml, restHtml } = rendered(markdown, 'PUBLIC')
  expect(previewHtml.match(/<p>/g)).toHaveLength(2)
  expect(restHtml).toMatch(/^<p>word[\s\S]*End[\s\S]*Note/)
})

test('the preview of a short public text is all of it except footnotes', () => {
  const { previewHtml, restHtml } = rendered('Short[^1].\n\n[^1]: Note', 'PUBLIC')
  expect(previewHtml).toContain('Short')
  expect(previewHtml).not.toContain('Note')
  expect(restHtml).toContain('Note')
})

test.each([
  [0, 1],
  [229, 1],
  [230, 1],
  [231, 2],
  [461, 3],
])('%d more words take %d minutes', (count, minutes) => {
  const markdown = `x\n\n<!--more-->\n\n${'word '.repeat(Math.max(0, count - 1))}\n\n---`
  expect(rendered(markdown).readingMinutes).toBe(minutes)
})
