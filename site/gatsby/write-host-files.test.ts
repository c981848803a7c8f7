import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { writeHostFiles } from './write-host-files.ts'

const siteUrl = 'https://gatepost.example'
const origins = { api: 'https://api.gatepost.example', identity: 'https://tenant.eu.auth0.com', images: [] }
const digest = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`

let folder: string
const write = async (file: string, html: string) => {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
  await writeFile(path.join(folder, file), html)
}
const made = (file: string) => readFile(path.join(folder, file), 'utf8')

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatepost-host-files-'))
  await write('404.html', '<script>ours()</script><script src="/app.js"></script>')
})
afterEach(() => rm(folder, { recursive: true }))

test('allows the scripts of the plain page', async () => {
  await writeHostFiles(folder, siteUrl, origins)
  expect(await made('_headers')).toContain(`script-src 'self' ${digest('ours()')};`)
})

test('allows no script that was planted in an article', async () => {
  await write('articles/the-beat/index.html', '<script>ours()</script><p>Text.</p><script>planted()</script>')
  await write('index.html', '<script>ours()</script><script>planted()</script>')
  await writeHostFiles(folder, siteUrl, origins)
  const headers = await made('_headers')
  expect(headers).not.toContain(digest('planted()'))
  expect(headers.match(/'sha256-/g)).toHaveLength(1)
})

test('pages are asked for again each time, files with a digest in their names never', async () => {
  await writeHostFiles(folder, siteUrl, origins)
  const blocks = (await made('_headers')).trim().split('\n\n')
  const caching = blocks.map((block) => [block.split('\n')[0], /cache-control: (.*)/.exec(block)?.[1]])
  expect(caching).toEqual([
    ['/*', undefined],
    ['/static/*', 'public, max-age=31536000, immutable'],
    ['/*.js', 'public, max-age=31536000, immutable'],
    ['/*.css', 'public, max-age=31536000, immutable'],
  ])
})

test('what was published after the build is answered with the page that asks', async () => {
  await writeHostFiles(folder, siteUrl, origins)
  expect((await made('_redirects')).split('\n')).toEqual([
    '/articles/* /unbuilt/index.html 200',
    '/page-data/articles/* /page-data/404.html/page-data.json 200',
    '/tags/* /unbuilt/index.html 200',
    '/page-data/tags/* /page-data/404.html/page-data.json 200',
    '/authors/* /unbuilt/index.html 200',
    '/page-data/authors/* /page-data/404.html/page-data.json 200',
    '/series/* /unbuilt/index.html 200',
    '/page-data/series/* /page-data/404.html/page-data.json 200',
    '',
  ])
})

test.each([
  ['https://gatepost.example', 'max-age=31536000'],
  ['http://localhost:8000', undefined],
])('a site at %s promises https for %s', async (url, promise) => {
  await writeHostFiles(folder, url, origins)
  expect(/strict-transport-security: (.*)/.exec(await made('_headers'))?.[1]).toBe(promise)
})

test('robots may read everything, and find the map', async () => {
  await writeHostFiles(folder, siteUrl, origins)
  expect(await made('robots.txt')).toBe(
    'User-agent: *\nAllow: /\n\nSitemap: https://gatepost.example/sitemap-index.xml\n',
  )
})

test('a build without the plain page stops', async () => {
  await rm(path.join(folder, '404.html'))
  await expect(writeHostFiles(folder, siteUrl, origins)).rejects.toThrow('ENOENT')
})
