import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { BuiltArticle, Publication } from '../../site/gatsby/publication.ts'
import { fingerprintOf, type Fingerprint } from './fingerprint.ts'

const article = { slug: 'the-beat', title: 'The beat', preview: '<p>Preview.</p>', rest: null } as BuiltArticle
const publication: Publication = { membersOnly: false, articles: [article], plans: [] }
const settings = { GATSBY_API_URL: 'http://localhost:4000/graphql', GATSBY_SITE_URL: 'http://localhost:8000' }

let home: string
const folder = () => path.join(home, 'site')
const lockFile = () => path.join(home, 'package-lock.json')
const fingerprint = (change: Partial<Publication> = {}, changedSettings: unknown = settings) =>
  fingerprintOf({ ...publication, ...change }, { folder: folder(), lockFile: lockFile(), settings: changedSettings })
const write = async (file: string, content: string) => {
  const full = path.join(folder(), file)
  await mkdir(path.dirname(full), { recursive: true })
  await writeFile(full, content)
}

const sources = ['gatsby-node.ts', 'package.json', 'src/pages/404.tsx', 'src/styles/base.css', 'static/icon.svg']

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'gatepost-fingerprint-'))
  for (const file of sources) await write(file, `content of ${file}`)
  await writeFile(lockFile(), '{"lockfileVersion":3}')
})
afterEach(() => rm(home, { recursive: true }))

test('is equal for equal input', async () => {
  const before = fingerprint()
  await utimes(path.join(folder(), 'package.json'), 1, 1)
  expect(fingerprint()).toEqual(before)
  const digest: unknown = expect.stringMatching(/^[0-9a-f]{64}$/)
  expect(before).toEqual({ sources: digest, publication: digest })
})

describe('only the publication part changes with', () => {
  test.each<[string, Partial<Publication>]>([
    ['an additional article', { articles: [article, article] }],
    ['a missing article', { articles: [] }],
    ['a title', { articles: [{ ...article, title: 'The Beat' }] }],
    ['a text', { articles: [{ ...article, rest: '<p>Rest.</p>' }] }],
    ['a plan', { plans: [{ slug: 'supporter' } as Publication['plans'][number]] }],
    ['the setting membersOnly', { membersOnly: true }],
  ])('%s', (_what, change) => {
    const before = fingerprint()
    expect(fingerprint(change)).toEqual({ ...before, publication: expect.not.stringMatching(before.publication) })
  })
})

describe('only the sources part changes with', () => {
  let before: Fingerprint
  beforeEach(() => {
    before = fingerprint()
  })
  const expectOtherSources = (after: Fingerprint) =>
    expect(after).toEqual({ ...before, sources: expect.not.stringMatching(before.sources) })

  test.each<[string, unknown]>([
    ['another value', { ...settings, GATSBY_SITE_URL: 'https://gatepost.example' }],
    ['another name', { ...settings, GATSBY_MORE: '' }],
    ['none', {}],
  ])('the settings: %s', (_what, changed) => {
    expectOtherSources(fingerprint({}, changed))
  })

  test.each(sources)('the source %s', async (file) => {
    await write(file, 'something else')
    expectOtherSources(fingerprint())
  })

  test('an additional source, even an empty one', async () => {
    await write('src/pages/about.tsx', '')
    expectOtherSources(fingerprint())
  })

  test('a missing source', async () => {
    await rm(path.join(folder(), 'static/icon.svg'))
    expectOtherSources(fingerprint())
  })

  test('the name of a source', async () => {
    await rename(path.join(folder(), 'src/pages/404.tsx'), path.join(folder(), 'src/pages/405.tsx'))
    expectOtherSources(fingerprint())
  })

  test('the installed versions', async () => {
    await writeFile(lockFile(), '{"lockfileVersion":4}')
    expectOtherSources(fingerprint())
  })
})

test.each([
  '.cache/data/datastore/data.mdb',
  'public/index.html',
  'node_modules/react/index.js',
  'test/builds.test.ts',
  'test/support/site-copy.ts',
  'src/ui/format/money.test.ts',
  'gatsby/document.test.ts',
])('does not change with %s', async (file) => {
  const before = fingerprint()
  await write(file, 'anything')
  expect(fingerprint()).toEqual(before)
})

test('throws without a lock file', async () => {
  await rm(lockFile())
  expect(() => fingerprint()).toThrow('ENOENT')
})
