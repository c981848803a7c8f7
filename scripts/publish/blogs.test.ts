import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { prepareArticle } from '../../server/src/content/publishing/index.ts'
import { readBatch } from './files.ts'
import { lostWords } from './lost-words.ts'

const folder = path.join(import.meta.dirname, 'fixtures/blogs')
const styles = ['docusaurus-mdx', 'ghost', 'hexo', 'ltr', 'obsidian', 'plain', 'rtl']
const files = styles.flatMap((style) => readdirSync(path.join(folder, style)).map((name) => path.join(style, name)))

/** The warnings about files that are published, by their beginnings. */
const expectedMessages: Readonly<Record<string, readonly string[]>> = {
  'obsidian/zettel.md': ['has a [[link]]', 'has a [[link]]'],
  'obsidian/Slow reading.md': ['has a [[link]]'],
  'obsidian/Reading list.md': ['has a [[link]]'],
}

test('there are at least twenty files', () => {
  expect(files.length).toBeGreaterThanOrEqual(20)
})

test.each(files.filter((name) => name !== 'plain/letter.md'))('%s is published without loss of text', (name) => {
  const source = readFileSync(path.join(folder, name), 'utf8')
  const prepared = prepareArticle(name, Buffer.from(source))
  if ('problems' in prepared) throw new Error(JSON.stringify(prepared.problems))
  const said = prepared.warnings.map((warning) => ('message' in warning ? warning.message : ''))
  expect(said).toEqual((expectedMessages[name] ?? []).map((message) => expect.stringContaining(message)))
  expect(lostWords(source, prepared.wholeHtml)).toEqual([])
})

test('refuses a link to a file outside the batch, with its line', () => {
  const prepared = prepareArticle('plain/letter.md', readFileSync(path.join(folder, 'plain/letter.md')))
  expect(prepared).toMatchObject({ problems: [{ line: 19, message: expect.stringContaining('has a relative link') }] })
})

test('links between published files are resolved', async () => {
  const { articles, problems, warnings } = await readBatch(styles.map((style) => path.join(folder, style)))
  expect(problems).toEqual([])
  const html = (slug: string) => articles.find((article) => article.slug === slug)?.wholeHtml
  expect(html('plain-13')).toContain('<a href="/articles/ghost-3/">what I wrote about the ferry</a>')
  expect(html('obsidian-10')).toContain('<a href="/articles/obsidian-12/">the list</a>')
  expect(html('plain-13')).not.toContain('<h1')
  expect(warnings.filter(({ path: file }) => file.includes('obsidian'))).toEqual([])
})
