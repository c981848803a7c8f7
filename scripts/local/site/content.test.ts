import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { longText, makeTestSite, runTestSite, type RunningSite, type TestSite } from './test-site.ts'

let folder: TestSite
let site: RunningSite

beforeAll(async () => {
  folder = await makeTestSite()
  site = await runTestSite(folder.folder)
})
afterAll(async () => {
  await site.close()
  await folder.remove()
})

const acceptEncoding = (value?: string): Record<string, string> =>
  value === undefined ? {} : { 'accept-encoding': value }

test.each([
  ['/', 200, 'gzip, deflate, br', 'br'],
  ['/', 200, 'gzip', 'gzip'],
  ['/static/app.js', 200, 'br', 'br'],
  ['/nothing', 404, 'br', 'br'],
  ['/', 200, 'identity', undefined],
  ['/', 200, 'zstd', undefined],
  ['/empty/note.txt', 200, undefined, undefined],
  // Compressed already.
  ['/static/picture.png', 200, 'br', undefined],
])('answers %s with %d to who takes %s in %s', async (path, status, accepts, encoding) => {
  const plain = await site.ask(path)
  const answer = await site.ask(path, acceptEncoding(accepts))
  expect([answer.status, answer.headers['content-encoding'], answer.headers.vary]).toEqual([
    status,
    encoding,
    'accept-encoding',
  ])
  const decode = encoding === 'br' ? brotliDecompressSync : encoding === 'gzip' ? gunzipSync : (body: Buffer) => body
  expect(decode(answer.body).toString()).toBe(plain.body.toString())
  if (encoding !== undefined) expect(answer.body.length).toBeLessThan(plain.body.length / 4)
})

test('answers a HEAD as it would the GET, without the body', async () => {
  for (const headers of [acceptEncoding(), acceptEncoding('br')]) {
    const [head, get] = [await site.ask('/', headers, 'HEAD'), await site.ask('/', headers)]
    expect(head.body.length).toBe(0)
    for (const name of ['etag', 'content-type', 'content-encoding', 'content-length'] as const) {
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]])
    }
  }
})

test('sends a file once to who has it', async () => {
  const { headers } = await site.ask('/')
  const conditions: Record<string, string>[] = [
    { 'if-none-match': headers.etag ?? '' },
    { 'if-modified-since': headers['last-modified'] ?? '' },
  ]
  for (const condition of conditions) {
    const again = await site.ask('/', { ...condition, ...acceptEncoding('br') })
    expect([again.status, again.body.length, again.headers['content-encoding']]).toEqual([304, 0, undefined])
    expect(again.headers.etag).toBe(headers.etag)
  }
  expect((await site.ask('/nothing', { 'if-none-match': '*' })).body.toString()).toBe(longText('nothing here'))
})

test('sends a part of a file', async () => {
  const part = await site.ask('/static/numbers.txt', { range: 'bytes=2-4', 'accept-encoding': 'br' })
  expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10'])
  const beyond = await site.ask('/static/numbers.txt', { range: 'bytes=50-' })
  expect([beyond.body.toString(), beyond.headers['content-range']]).toEqual(['Range Not Satisfiable.\n', 'bytes */10'])
})
