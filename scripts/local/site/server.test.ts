import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { createSiteApp } from './app.ts'
import { parseHeaders } from './rules/headers-file.ts'
import { openRules, type SiteRules } from './rules/site-rules.ts'
import { startSiteServer } from './server.ts'
import { longText, makeTestSite, runTestSite, type TestSite } from './test-site.ts'

let folder: TestSite

beforeEach(async () => {
  folder = await makeTestSite()
})
afterEach(() => folder.remove())

test('takes over what a rebuild says', async () => {
  const site = await runTestSite(folder.folder)
  await folder.write('_headers', '/*\n  X-Build: second\n')
  await folder.write('_redirects', '/moved  /articles/built/  302\n')
  await folder.write('index.html', longText('second'))
  const home = await site.ask('/')
  expect([home.headers['x-build'], home.headers['content-security-policy'], home.body.toString()]).toEqual([
    'second',
    undefined,
    longText('second'),
  ])
  expect((await site.ask('/moved')).headers.location).toBe('/articles/built/')
  expect((await site.ask('/articles/new/')).status).toBe(404)
  await site.close()
})

test.each([
  ['gone', (file: string) => rm(file)],
  ['damaged', (file: string) => writeFile(file, 'half a li')],
])('keeps the headers of a file that is %s', async (_what, change) => {
  const lines: string[] = []
  const app = await createSiteApp(folder.folder, await openRules(folder.folder), {
    logStream: { write: (line) => lines.push(line) },
  })
  await change(path.join(folder.folder, '_headers'))
  for (const _again of [1, 2]) {
    const { headers } = await app.inject('/')
    expect(headers['content-security-policy']).toBe("default-src 'none'")
  }
  // A damaged one is told of, and once.
  expect(lines.map((line) => (JSON.parse(line) as { err: Error }).err.message)).toEqual(
    _what === 'gone' ? [] : ['_headers, line 1: "half a li" is not a path: it must start with "/".'],
  )
})

test('tells of a fault in the log alone', async () => {
  const lines: string[] = []
  const rules: SiteRules = {
    headers: () => parseHeaders('/*\n  X-Content-Type-Options: nosniff\n'),
    redirects() {
      throw new Error(`open ${folder.folder}`)
    },
    refresh: () => Promise.resolve(),
  }
  const app = await createSiteApp(folder.folder, rules, { logStream: { write: (line) => lines.push(line) } })
  for (const url of ['/', '/nothing?', '//x', '/%zz']) {
    const { statusCode, headers, body } = await app.inject(url)
    expect(headers['x-content-type-options']).toBe('nosniff')
    if (url === '/') expect(statusCode).toBe(500)
    if (url === '/') expect(body).toBe('Internal Server Error.\n')
  }
  expect(lines.length).toBe(2)
  expect(lines[0]).toContain(folder.folder)
})

test('says in plain words that there is nothing, without a page for it', async () => {
  await rm(path.join(folder.folder, '404.html'))
  const site = await runTestSite(folder.folder)
  const { status, headers, body } = await site.ask('/nothing')
  expect([status, headers['content-type'], body.toString()]).toEqual([404, 'text/plain; charset=utf-8', 'Not Found.\n'])
  await site.close()
})

test('is served on both loopback addresses', async () => {
  const site = await runTestSite(folder.folder)
  for (const host of ['127.0.0.1', '::1']) {
    const [response] = (await once(http.get({ host, port: site.port, agent: false }), 'response')) as [
      http.IncomingMessage,
    ]
    response.resume()
    expect(response.statusCode).toBe(200)
  }
  await site.close()
})

test('ends with its connections', async () => {
  const site = await runTestSite(folder.folder)
  const agent = new http.Agent({ keepAlive: true })
  const [response] = (await once(http.get(site.url, { agent }), 'response')) as [http.IncomingMessage]
  await response.toArray()
  await site.close()
  await expect(site.ask('/')).rejects.toThrow('ECONNREFUSED')
  agent.destroy()
})

test('names a port that is taken', async () => {
  const site = await runTestSite(folder.folder)
  await expect(startSiteServer({ folder: folder.folder, port: site.port })).rejects.toThrow(
    `Port ${site.port} is taken. Stop the program that uses it, or set SITE_PORT to another port.`,
  )
  await site.close()
})
