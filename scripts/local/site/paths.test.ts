import { afterAll, beforeAll, expect, test } from '@jest/globals'
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

test.each([
  ['/', 'home'],
  ['/index.html', 'home'],
  ['/?a=b', 'home'],
  ['/articles/built/', 'built'],
  ['/articles/b%75ilt/', 'built'],
  // No file has that name.
  ['/articles/', 'any article'],
  ['/articles/new/', 'any article'],
  ['/articles/a/b/?x=/', 'any article'],
  ['/show/404.html/', 'nothing here'],
])('serves %s', async (path, title) => {
  const { status, headers, body } = await site.ask(path)
  expect([status, headers['content-type'], body.toString()]).toEqual([200, 'text/html; charset=utf-8', longText(title)])
})

test.each([
  ['/articles/built', 301, '/articles/built/'],
  ['/articles/built?a=1&b=//x', 301, '/articles/built/?a=1&b=//x'],
  ['/articles/new?state=1', 301, '/articles/new/?state=1'],
  ['/articles', 301, '/articles/'],
  ['/articles/%c3%a9', 301, '/articles/%C3%A9/'],
  ['/articles/%252fevil.example', 301, '/articles/%252fevil.example/'],
  ['/articles/http:evil.example', 301, '/articles/http%3Aevil.example/'],
  ['/old/x/?a=1', 301, '/articles/x/?a=1'],
  ['/go/articles/', 302, '/articles/'],
])('sends %s on with %d to %s', async (path, status, location) => {
  const answer = await site.ask(path)
  expect([answer.status, answer.headers.location, answer.body.length]).toEqual([status, location, 0])
})

const hostile: [string, number][] = [
  ['//evil.example', 400],
  ['//evil.example/..', 400],
  ['//evil.example/%2e%2e', 400],
  ['/\\evil.example', 400],
  ['/%5cevil.example', 400],
  ['/%2fevil.example', 400],
  ['/%2Fevil.example/articles', 400],
  ['/.//evil.example', 400],
  ['/articles//evil.example', 400],
  ['/articles/%2f%2fevil.example', 400],
  ['/articles/..', 400],
  ['/articles/../..//evil.example', 400],
  // A rule puts what is asked for at the beginning of the address.
  ['/go//evil.example/', 400],
  ['/go/%09/evil.example/', 400],
  ['http://evil.example/articles', 400],
  ['evil.example', 400],
  ['*', 400],
  // An encoded slash is none.
  ['/articles%2fbuilt/', 400],
  ['/static%2Fapp.js', 400],
  ['/../secret.txt', 400],
  ['/%2e%2e/secret.txt', 400],
  ['/..%2fsecret.txt', 400],
  ['/..%5csecret.txt', 400],
  ['/%252e%252e/secret.txt', 404],
  ['/..%c0%afsecret.txt', 400],
  ['/static/../../secret.txt', 400],
  ['/./index.html', 400],
  ['/link.txt', 404],
  ['/linked/secret.txt', 404],
  ['/linked', 404],
  ['/linked/', 404],
  ['/index.html%00.png', 400],
  ['/index.html%0d%0aset-cookie:a=b', 400],
  ['/%', 400],
  ['/%zz', 400],
  ['/articles/%e0%a4', 400],
  ['/.env', 404],
  ['/articles/.env', 404],
  ['/.well-known/file.txt', 404],
  ['/_headers', 404],
  ['/_redirects', 404],
  ['/%5fheaders', 404],
  ['/_HEADERS', 404],
  ['/_headers/', 404],
  // A rule puts what is asked for in the place of a file's name.
  ['/show/_headers/', 404],
  ['/INDEX.html', 404],
  ['/index.html/', 404],
  ['/index.html/x', 404],
  ['/empty', 404],
  ['/empty/', 404],
  ['/static', 404],
  ['/nothing', 404],
]

test.each(hostile)('answers %j with %d and nothing else', async (path, status) => {
  const { status: answered, headers, body } = await site.ask(path)
  const text = status === 404 ? longText('nothing here') : 'Bad Request.\n'
  expect([answered, headers.location, body.toString()]).toEqual([status, undefined, text])
})

test.each([
  ['a name longer than a file can have', `/${'a'.repeat(300)}`, 404],
  ['a path longer than a system takes', `/${'a/'.repeat(3_900)}`, 404],
  ['an address of more than 8,000 characters', `/${'a'.repeat(8_000)}`, 414],
  ['a query of more than 8,000 characters', `/?${'a'.repeat(8_000)}`, 414],
])('refuses %s', async (_what, path, status) => {
  expect((await site.ask(path)).status).toBe(status)
})
