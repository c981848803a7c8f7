import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeTestSite, runTestSite, type RunningSite, type TestSite } from './test-site.ts'

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

/** What is asked, and the status of the answer: every kind of answer there is. */
const kinds: [string, number, string, Record<string, string>][] = [
  ['GET', 200, '/', {}],
  ['HEAD', 200, '/', {}],
  ['GET', 200, '/articles/new/', {}],
  ['GET', 206, '/static/numbers.txt', { range: 'bytes=2-4' }],
  ['GET', 301, '/articles/built', {}],
  ['GET', 302, '/go/articles/', {}],
  ['GET', 304, '/', { 'if-none-match': '*' }],
  ['GET', 400, '//evil.example', {}],
  ['GET', 404, '/static/nothing', {}],
  ['HEAD', 404, '/nothing', {}],
  ['POST', 405, '/', {}],
  ['OPTIONS', 405, '*', {}],
  ['GET', 412, '/', { 'if-match': '"other"' }],
  ['GET', 414, `/${'a'.repeat(8_000)}`, {}],
  ['GET', 416, '/static/numbers.txt', { range: 'bytes=50-' }],
]

test.each(kinds)('protects the answer to %s with %d', async (method, status, path, headers) => {
  const answer = await site.ask(path, headers, method)
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  })
})

test('protects the answer to what is no request', async () => {
  const answer = await site.sendBytes('what is this\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(answer).toContain("content-security-policy: default-src 'none'\r\n")
  expect(answer).toMatch(/\r\n\r\nBad Request\.\n$/)
  expect(await site.sendBytes(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
})

test.each([
  ['/static/app.js', 200, 'public, max-age=31536000, immutable'],
  ['/', 200, 'public, max-age=0, must-revalidate'],
  ['/static/nothing.js', 404, 'no-cache'],
  ['/static/%zz', 400, 'no-cache'],
  ['/articles/built', 301, 'no-cache'],
])('lets %s with %d be kept as %s', async (path, status, caching) => {
  const answer = await site.ask(path)
  expect([answer.status, answer.headers['cache-control']]).toEqual([status, caching])
})

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('refuses %s', async (method) => {
  const { status, headers, body } = await site.ask('/', { 'content-type': 'text/odd' }, method)
  expect([status, headers.allow, body.toString()]).toEqual([405, 'GET, HEAD', 'Method Not Allowed.\n'])
})
