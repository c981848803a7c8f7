import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { startPublicationApi, testArticle } from './support/publication-api.ts'
import { buildSite } from '../../scripts/site/build-site.ts'

// What a build finds of the one before it. Instead of Gatsby a stand-in that leaves its traces; the real one is in
// builds.test.ts.

const home = await mkdtemp(path.join(os.tmpdir(), 'gatepost-build-site-'))
const api = await startPublicationApi()
afterAll(async () => {
  await api.close()
  await rm(home, { recursive: true })
})

const from = path.join(home, 'sources')
const settings = {
  GATSBY_API_URL: api.url,
  GATSBY_AUTH0_DOMAIN: 'https://tenant.example',
  GATSBY_AUTH0_CLIENT_ID: 'site',
  GATSBY_AUTH0_AUDIENCE: 'https://api.gatepost.example',
  GATSBY_SITE_URL: 'https://gatepost.example',
  GATSBY_IMAGE_HOSTS: '',
}
const article = testArticle('the-beat')

let folder: string
let count = 0
const inFolder = (file: string) => path.join(folder, file)
const write = async (file: string, content: string) => {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
}

/** What this build found of the last; null: there was nothing to build. */
async function build({ environment = settings, breaksOff = false } = {}): Promise<'all' | 'nothing' | 'parts' | null> {
  let found = null as 'all' | 'nothing' | 'parts' | null
  const run = async () => {
    const traces = ['.cache/remembered', 'public/index.html'].map((file) => existsSync(inFolder(file)))
    found = traces.every(Boolean) ? 'all' : traces.some(Boolean) ? 'parts' : 'nothing'
    await write(inFolder('.cache/remembered'), '')
    await write(inFolder('public/index.html'), await readFile(inFolder('src/look.css'), 'utf8'))
    if (breaksOff) throw new Error('broke off')
    await write(inFolder('public/_headers'), '')
  }
  await buildSite({ folder, from, environment, locks: path.join(home, 'locks'), tell: () => undefined, run })
  return found
}

beforeEach(async () => {
  folder = path.join(home, `copy-${++count}`)
  api.state.articles = [article]
  await write(path.join(from, 'package.json'), '{}')
  await write(path.join(from, 'src/look.css'), 'p { color: black }')
  expect(await build()).toBe('nothing')
})

test('the same once more is not built', async () => {
  expect(await build()).toBeNull()
})

test('another publication is built from what Gatsby remembers', async () => {
  api.state.articles = [{ ...article, title: 'The Beat' }]
  expect(await build()).toBe('all')
  expect(await build()).toBeNull()
})

test('changed sources are built from nothing: a stylesheet alone too', async () => {
  await write(path.join(from, 'src/look.css'), 'p { color: green }')
  expect(await build()).toBe('nothing')
  expect(await readFile(inFolder('public/index.html'), 'utf8')).toBe('p { color: green }')
  expect(await build()).toBeNull()
})

test('other settings, which are compiled too, are built from nothing', async () => {
  expect(await build({ environment: { ...settings, GATSBY_SITE_URL: 'https://other.example' } })).toBe('nothing')
})

test('after a build that broke off all is built from nothing', async () => {
  api.state.articles = []
  await expect(build({ breaksOff: true })).rejects.toThrow('broke off')
  expect(existsSync(inFolder('public/_headers'))).toBe(false)
  expect(await build()).toBe('nothing')
})

test.each(['0'.repeat(64), '"0"', 'null', ''])('nothing is taken from a build that says of itself %j', async (said) => {
  await writeFile(inFolder('.cache/gatepost-fingerprint'), said)
  expect(await build()).toBe('nothing')
})

test('a site without headers is not whole', async () => {
  await rm(inFolder('public/_headers'))
  expect(await build()).toBe('all')
})
