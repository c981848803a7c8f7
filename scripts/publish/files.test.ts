import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readBatch } from './files.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'gatepost-publish-'))
afterAll(() => rm(folder, { recursive: true }))

let made = 0

/** Creates a folder with articles that have the given front matter in addition to the required fields. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const place = path.join(folder, String((made += 1)))
  for (const [name, lines] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true })
    const usual = 'title: T\nvisibility: public\nstatus: published\npublishedAt: 2026-08-03T07:00:00Z'
    await writeFile(path.join(place, name), `---\n${usual}\n${lines}\n---\nText.\n`)
  }
  return place
}

const slugsOf = ({ articles }: Awaited<ReturnType<typeof readBatch>>) => articles.map(({ slug }) => slug)
const messagesOf = ({ problems }: Awaited<ReturnType<typeof readBatch>>) =>
  problems.map(({ path: file, line, message }) => `${path.basename(file)}:${line}: ${message}`)

const warningsOf = ({ warnings }: Awaited<ReturnType<typeof readBatch>>) =>
  warnings.map(({ path: file, line, message }) => `${path.basename(file)}:${line}: ${message}`)

test('reads folders recursively', async () => {
  const place = await folderWith({
    'a.md': 'slug: a\nauthor: A',
    'inner/b.MD': 'slug: b\nauthor: A',
    'inner/c.mdx': 'slug: c\nauthor: A',
    'inner/d.markdown': 'slug: d\nauthor: A',
    '_index.md': 'title: of a list',
    'notes.txt': 'x',
    '.hidden/c.md': 'x',
    'node_modules/d.md': 'x',
  })
  const batch = await readBatch([place])
  expect(slugsOf(batch)).toEqual(['a', 'b', 'c', 'd'])
  expect(batch.problems).toEqual([])
  expect(warningsOf(batch)).toEqual([
    '_index.md:1: is the text of a list page (_index), and is not published',
    'notes.txt:1: is not Markdown, and is not published (.txt)',
  ])
})

test('reports other kinds of text once per file extension', async () => {
  const place = await folderWith({
    'a.mkd': 'slug: a\nauthor: A',
    'b.html': '',
    'c.html': '',
    'd.njk': '',
    'e.png': '',
  })
  const batch = await readBatch([place])
  expect(slugsOf(batch)).toEqual(['a'])
  expect(warningsOf(batch)).toEqual([
    'b.html:1: is not Markdown, and is not published (.html) (and in 1 more file)',
    'd.njk:1: is not Markdown, and is not published (.njk)',
  ])
})

test('a file named twice is one article', async () => {
  const place = await folderWith({ 'a.md': 'slug: a\nauthor: A' })
  const batch = await readBatch([place, path.join(place, 'a.md')])
  expect({ slugs: slugsOf(batch), problems: batch.problems }).toEqual({ slugs: ['a'], problems: [] })
})

test('a folder that links to itself is read once', async () => {
  const place = await folderWith({ 'a.md': 'slug: a\nauthor: A' })
  await symlink(place, path.join(place, 'again'))
  expect(slugsOf(await readBatch([place]))).toEqual(['a'])
})

test('reports all problems of all files', async () => {
  const place = await folderWith({ 'a.md': 'slug: "!"\nauthor: A', 'b.md': 'slug: b', 'c.md': 'slug: c\nauthor: A' })
  const batch = await readBatch([place, path.join(place, 'nowhere')])
  expect(messagesOf(batch)).toEqual([
    'nowhere:1: is neither a file nor a folder with .md files',
    expect.stringMatching(/^a\.md:6: slug: /),
    'b.md:1: author: is missing; name an author, or set DEFAULT_AUTHOR',
  ])
})

test('one slug in two files names both', async () => {
  const place = await folderWith({ 'a.md': 'slug: same\nauthor: A', 'b.md': 'slug: same\nauthor: A' })
  expect(messagesOf(await readBatch([place]))).toEqual([
    expect.stringMatching(/^b\.md:1: slug: same is also the slug of .*a\.md$/),
  ])
})

test('C, C++ and C# are three tags', async () => {
  const place = await folderWith({
    'a.md': 'slug: a\nauthor: A\ntags: [C++, x]',
    'b.md': 'slug: b\nauthor: A\ntags: [C, C#, x]',
  })
  const batch = await readBatch([place])
  expect(batch.articles.map(({ tags }) => tags.map(({ slug }) => slug))).toEqual([
    ['c-plus-plus', 'x'],
    ['c', 'c-sharp', 'x'],
  ])
  expect([...batch.problems, ...batch.warnings]).toEqual([])
})

test('reports two spellings of a name with file and line', async () => {
  const place = await folderWith({
    'a.md': 'slug: a\nauthor: Ann Lee\ntags: [Gardens]',
    'b.md': 'slug: b\nauthor: ANN LEE\ntags:\n  - x\n  - gardens',
  })
  const batch = await readBatch([place])
  expect(batch.problems).toEqual([])
  expect(warningsOf(batch)).toEqual([
    expect.stringMatching(/^b\.md:7: author: "ANN LEE" is spelled "Ann Lee" in .*a\.md; both have the slug ann-lee$/),
    expect.stringMatching(/^b\.md:10: tags: "gardens" is spelled "Gardens" in .*a\.md; both have the slug gardens$/),
  ])
})

test('reports an unused key once for all files', async () => {
  const lines = 'author: A\nlayout: post'
  const place = await folderWith({
    'a.md': `slug: a\n${lines}\ntoc: true`,
    'b.md': `slug: b\n${lines}`,
    'c.md': `slug: c\n${lines}`,
    'd.md': 'slug: D\nauthor: A\n"__proto__": x',
  })
  const batch = await readBatch([place])
  expect(slugsOf(batch)).toEqual(['a', 'b', 'c', 'd'])
  expect(warningsOf(batch)).toEqual([
    'a.md:8: "layout" is ignored (and in 2 more files)',
    'a.md:9: "toc" is ignored',
    'd.md:6: slug: the address is d',
    'd.md:8: "__proto__" is ignored',
  ])
})

test('uses the defaults of the publication', async () => {
  const place = path.join(folder, String((made += 1)))
  await mkdir(path.join(place, 'posts/2026-03-04-walled-garden'), { recursive: true })
  await writeFile(path.join(place, 'posts/2026-03-04-walled-garden/index.md'), '---\ntitle: T\n---\nText.\n')
  const defaults = { visibility: 'public', author: '王小明', timeZone: 'Asia/Taipei', language: 'zh-Hant' }
  const { articles, problems } = await readBatch([place], defaults)
  expect(problems).toEqual([])
  expect(articles).toMatchObject([
    {
      slug: 'walled-garden',
      author: { name: '王小明', slug: '王小明' },
      requirement: { visibility: 'PUBLIC' },
      publishedAt: new Date('2026-03-03T16:00:00Z'),
      lang: 'zh-Hant',
    },
  ])
  const [other] = (await readBatch([place], { ...defaults, timeZone: 'UTC' })).articles
  expect(other?.sourceHash).not.toBe(articles[0]?.sourceHash)
})
