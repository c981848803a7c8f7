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

/** What Markdown and HTML must have in common: the text's letters, without front matter, tags and entities. */
const letters = (text: string): string =>
  text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<[^>]*>|&#x[0-9A-F]+;|&/g, '')
    .replace(/\P{L}/gu, '')

test('the demo has its 53 pieces', () => {
  expect(pieces).toHaveLength(53)
})

test.each(pieces)('%s is cut without a seam', (name, { previewHtml, restHtml, wholeHtml }) => {
  const source = readFileSync(path.join(folder, name), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '')
  // The same text without the cut, rendered as one.
  const uncut = rendered(source.replace('\n<!--more-->\n', ''), 'PUBLIC').wholeHtml
  expect(wholeHtml).toBe(uncut)
  expect(previewHtml + restHtml).toBe(uncut)
})

test.each(pieces)('%s loses and shows no letter too many', (name, { previewHtml, restHtml, excerpt }) => {
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
])('the preview holds no text of the rest: %s', (_, markdown) => {
  const { previewHtml, restHtml, wholeHtml, excerpt } = rendered(markdown)
  expect(previewHtml).toContain('Public')
  expect(previewHtml).not.toContain(secret)
  expect(excerpt).toBe('Public' + (markdown.includes('Public[^1].') ? '.' : ''))
  expect(restHtml).toContain(secret)
  expect(wholeHtml).toBe(previewHtml + restHtml)
})

test('a link defined below works above', () => {
  const { previewHtml } = rendered('Public [a][1].\n\n<!--more-->\n\nPaid.\n\n[1]: https://example.org/ "T"')
  expect(previewHtml).toContain('<a href="https://example.org/" title="T">a</a>')
})

test('a footnote leads to its text and back', () => {
  const { previewHtml, restHtml } = rendered('Public[^1].\n\n<!--more-->\n\nPaid.\n\n[^1]: Note')
  expect(previewHtml).toContain('<a href="#user-content-fn-1" id="user-content-fnref-1"')
  expect(restHtml).toContain('<li id="user-content-fn-1">')
  expect(restHtml).toContain('href="#user-content-fnref-1"')
})

test.each([
  ['mark missing', 'Public.\n\nPaid.', 1, 'has no <!--more-->'],
  ['mark first', '\n<!--more-->\n\nPaid.', 2, 'has an empty public part'],
  ['mark last', 'All.\n\n<!--more-->\n', 3, 'has nothing after <!--more-->'],
  ['only notes after the mark', 'All[^1].\n\n<!--more-->\n\n[^1]: Note', 3, 'has nothing after <!--more-->'],
  ['two marks', 'A\n\n<!--more-->\n\nB\n\n<!--more-->\n\nC', 7, 'has a second <!--more-->; the first is on line 3'],
  ['mark in a list', '- a\n\n  <!--more-->\n\n  b', 3, 'inside something else'],
  ['mark in a quote', '> a\n>\n> <!--more-->\n>\n> b', 3, 'inside something else'],
  ['mark in a line', 'a\n\nb <!--more--> c', 3, 'inside something else'],
  ['mark before text in its line', 'a\n\n<!--more--> b', 3, 'inside something else'],
  ['mark in a comment', 'a\n\n<!-- old\n<!--more-->\n\nb', 3, 'inside something else'],
  ['mark in a footnote', 'a[^1]\n\n[^1]:\n    n\n\n    <!--more-->\n', 6, 'inside something else'],
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

test('a short public text is all preview but its notes', () => {
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
])('%d further words read in %d minutes', (count, minutes) => {
  const markdown = `x\n\n<!--more-->\n\n${'word '.repeat(Math.max(0, count - 1))}\n\n---`
  expect(rendered(markdown).readingMinutes).toBe(minutes)
})

test.each([
  ['short', 'A “short” *text*', 'A “short” text'],
  ['of 200 characters', `${'a'.repeat(99)} ${'b'.repeat(100)}`, `${'a'.repeat(99)} ${'b'.repeat(100)}`],
  ['cut in a word', `${'a'.repeat(150)} ${'b'.repeat(60)}`, 'a'.repeat(150)],
  ['cut at a word’s end', `${'a'.repeat(200)} b`, 'a'.repeat(200)],
  ['cut after a dash', `${'a'.repeat(190)} — ${'b'.repeat(20)}`, 'a'.repeat(190)],
  ['without spaces', '字'.repeat(300), '字'.repeat(200)],
  ['cut in a surrogate pair', `a${'😀'.repeat(200)}`, `a${'😀'.repeat(99)}`],
  ['of several blocks', '# One\n\nTwo  \nthree', 'One Two three'],
])('the excerpt of a text %s', (_, markdown, excerpt) => {
  expect(rendered(`${markdown}\n\n<!--more-->\n\nPaid.`).excerpt).toBe(excerpt)
})
