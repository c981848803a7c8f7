import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readBatch } from './files.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'gatepost-publish-'))
afterAll(() => rm(folder, { recursive: true }))

let made = 0

/** A folder with these files, each an article with this front matter beside the usual. */
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

test('folders are read with the folders in them', async () => {
  const place = await folderWith({
    'a.md': 'slug: a\nauthor: A',
    'inner/b.MD': 'slug: b\nauthor: A',
    'notes.txt': 'x',
    '.hidden/c.md': 'x',
    'node_modules/d.md': 'x',
  })
  const batch = await readBatch([place])
  expect(slugsOf(batch)).toEqual(['a', 'b'])
  expect(batch.problems).toEqual([])
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

test('all problems of all files are said', async () => {
  const place = await folderWith({ 'a.md': 'slug: A\nauthor: A', 'b.md': 'slug: b', 'c.md': 'slug: c\nauthor: A' })
  const batch = await readBatch([place, path.join(place, 'nowhere')])
  expect(messagesOf(batch)).toEqual([
    'nowhere:1: is no file, and no folder with .md files in it',
    expect.stringMatching(/^a\.md:6: slug: /),
    'b.md:1: author: is missing',
  ])
})

test('one slug in two files names both', async () => {
  const place = await folderWith({ 'a.md': 'slug: same\nauthor: A', 'b.md': 'slug: same\nauthor: A' })
  expect(messagesOf(await readBatch([place]))).toEqual([expect.stringMatching(/^b\.md:1: slug: .*a\.md has same too$/)])
})

test('two names with one address are refused', async () => {
  const place = await folderWith({
    'a.md': 'slug: a\nauthor: A\ntags: [C++, x]',
    'b.md': 'slug: b\nauthor: A\ntags: [C, x]',
  })
  expect(messagesOf(await readBatch([place]))).toEqual([
    expect.stringMatching(/^b\.md:1: tags: "C" has the same address, c, as "C\+\+" in .*a\.md$/),
  ])
})
