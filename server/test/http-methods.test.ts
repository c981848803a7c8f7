import { expect, test } from '@jest/globals'
import { METHODS } from 'node:http'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember } from './support/factories.ts'
import { expectUnharmed, json, send, sendBytes } from './support/http.ts'

// Other methods, unknown paths, and bytes that are not HTTP.

const app = await startTestApp()
const article = await makeArticle(app.db, { visibility: 'PAID' })
const requestId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const problem = (code: string) => [
  { message: expect.any(String), extensions: { code, requestId: expect.stringMatching(requestId) } },
]

const otherMethods = METHODS.filter((method) => !['GET', 'POST', 'HEAD', 'CONNECT'].includes(method))
const bodies = [undefined, '{"query":"{ plans { id } }"}', 'no json at all {{{']

test.each(otherMethods)('G15: refuses the method %s', async (method) => {
  for (const body of bodies) {
    const answer = await send(app, { method, body, ...(body === undefined && { headers: {} }) })
    expect(answer.status).toBe(405)
    expect(answer.headers).toMatchObject({ allow: 'GET, POST', 'cache-control': 'private, no-store' })
    expect(answer.errors).toEqual(problem('BAD_REQUEST'))
    await expectUnharmed(app, answer)
  }
})

test('G15: refuses a method before checking the token and the type', async () => {
  const headers = { 'content-type': 'x', authorization: 'Bearer nonsense', accept: 'image/png' }
  const answer = await send(app, { method: 'PUT', headers, body: 'x' })
  expect(answer.status).toBe(405)
})

test.each(['/graphql', '/graphql?query=%7B__typename%7D'])('G15: HEAD %s runs no query', async (path) => {
  const answer = await send(app, { method: 'HEAD', path, headers: { 'apollo-require-preflight': '1' } })
  expect(answer).toMatchObject({ status: 405, text: '', headers: { allow: 'GET, POST' } })
  await expectUnharmed(app, answer)
})

test('G15: OPTIONS lists the supported methods', async () => {
  const answer = await send(app, { path: '/health/live', body: {} })
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' }, errors: problem('BAD_REQUEST') })
})

test.each(['{ viewer { id } }', 'mutation { addBookmark(articleId: "x") { id } }'])(
  'a PUT of %s runs nothing',
  async (query) => {
    const answer = await send(app, { method: 'PUT', body: { query } })
    expect(answer.data).toBeUndefined()
  },
)

test.each([
  '/',
  '/graphql/',
  '//graphql',
  '/GraphQL',
  '/graphql/x',
  '/graphql;a=b',
  '/a/../graphql',
  '/graphql%00',
  '/graphql%2f',
  '/.env',
  '/health',
  '/health/live/',
  '/metrics',
  `/${'a'.repeat(9_000)}`,
  '/<script>alert(1)</script>',
  "/'; DROP TABLE article; --",
])('%s is not found', async (path) => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await send(app, { method, path: path.replaceAll(' ', '%20'), body: '{"query":' })
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.errors).toEqual(problem('NOT_FOUND'))
    await expectUnharmed(app, answer)
  }
})

test.each(['/%zz', '/%', '/graphql%', '/%ff', '/%c3%28'])(
  'refuses the URL %s, which cannot be decoded',
  async (path) => {
    const answer = await send(app, { method: 'GET', path })
    expect(answer.status).toBe(400)
    expect(answer.errors).toEqual(problem('BAD_REQUEST'))
    expect(answer.headers['x-request-id']).toBe(answer.errors?.[0]?.extensions.requestId)
    await expectUnharmed(app, answer)
  },
)

const bookmarks = () => app.db.bookmark.count({ where: { articleId: article.id } })
const mutation = `mutation Add { addBookmark(articleId: "${article.id}") { id } }`

test.each([
  ['alone', `query=${encodeURIComponent(mutation)}`],
  ['by name', `query=${encodeURIComponent(`${mutation} query Q { plans { id } }`)}&operationName=Add`],
])('G12: a mutation by GET, %s, writes nothing', async (_title, search) => {
  const member = await makeMember(app.db, { issuer: app.issuer.url })
  const headers = {
    'apollo-require-preflight': '1',
    authorization: `Bearer ${app.issuer.sign({ sub: member.subject })}`,
  }
  const answer = await send(app, { method: 'GET', path: `/graphql?${search}`, headers })
  expect(answer.status).toBe(405)
  expect(answer.headers.allow).toBe('POST')
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  expect(await bookmarks()).toBe(0)
  await expectUnharmed(app, answer)
})

test('G12: ignores method overrides', async () => {
  const member = await makeMember(app.db, { issuer: app.issuer.url })
  const headers = {
    'apollo-require-preflight': '1',
    authorization: `Bearer ${app.issuer.sign({ sub: member.subject })}`,
    'x-http-method-override': 'POST',
    'x-method-override': 'POST',
  }
  const path = `/graphql?_method=POST&query=${encodeURIComponent(mutation)}`
  expect((await send(app, { method: 'GET', path, headers })).status).toBe(405)
  expect(await bookmarks()).toBe(0)
})

test.each([
  'message/x',
  'message/rfc822',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/json-patch+json',
  'application/jsonx',
  'nonsense',
  '',
])('G14: a GET with content-type %j is refused', async (type) => {
  const headers = { 'content-type': type, 'apollo-require-preflight': '1' }
  const answer = await send(app, { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers })
  expect(answer.status).toBe(415)
  expect(answer.errors).toEqual(problem('BAD_REQUEST'))
  await expectUnharmed(app, answer)
})

test('G14: accepts a GET with an empty content type', async () => {
  const answer = await send(app, { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers: json })
  expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } })
})

const post = (headers: string, body = '{"query":"{ plans { id } }"}') =>
  `POST /graphql HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`

test.each([
  ['no HTTP', 'NONSENSE\r\n\r\n', 400],
  ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
  ['an unknown method', 'STEAL /graphql HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a method in lower case', 'get /graphql HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['unencoded letters in the URL', 'GET /é HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a control character in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n', 400],
  ['a header folded over two lines', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n', 400],
  ['two lengths', post('content-length: 28\r\ncontent-length: 5'), 400],
  ['a length with chunked encoding', post('content-length: 28\r\ntransfer-encoding: chunked'), 400],
  ['an invalid length', post('content-length: -1'), 400],
  ['a body that is longer than its length', post('content-length: 5'), 400],
  ['an invalid chunk', post('transfer-encoding: chunked', 'zz\r\n'), 400],
  ['headers of 17 kB (T23)', post(`x: ${'a'.repeat(17_000)}`), 431],
  ['a token of 17 kB (T23)', post(`authorization: Bearer ${'a'.repeat(17_000)}`), 431],
  ['a URL of 17 kB', `GET /graphql?query=${'a'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
])('%s gets an error response and the connection is closed', async (_title, bytes, status) => {
  const text = await sendBytes(app, bytes)
  const answers = text.split(/(?=^HTTP\/1\.1 )/m)
  const [head = '', body = ''] = (answers.at(-1) ?? '').split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(head).toContain('content-type: application/json; charset=utf-8')
  expect(head).toMatch(/^connection: close$/m)
  const { errors } = JSON.parse(body) as { errors: { extensions: { requestId: string } }[] }
  expect(errors).toEqual(problem('BAD_REQUEST'))
  expect(head).toContain(`x-request-id: ${errors[0]?.extensions.requestId}`)
  expect(app.logs.join('')).toContain(errors[0]?.extensions.requestId)
  await expectUnharmed(app, { text })
})

test.each(['a b', '[', '%', '<script>'])('the Host header %j is a bad request', async (host) => {
  const answer = await send(app, { headers: { ...json, host }, body: { query: '{ __typename }' } })
  expect(answer.status).toBe(400)
  expect(answer.errors).toEqual(problem('BAD_REQUEST'))
  await expectUnharmed(app, answer)
})

test('a request without a host is refused', async () => {
  const old = await sendBytes(
    app,
    'POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
  )
  expect(old).toMatch(/^HTTP\/1.1 400 /)
  const text = await sendBytes(app, 'POST /graphql HTTP/1.1\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
  expect(text).toMatch(/^HTTP\/1.1 400 /)
  await expectUnharmed(app, { text: text + old })
})

test('refuses CONNECT and Upgrade', async () => {
  expect(await sendBytes(app, 'CONNECT localhost:5432 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('')
  const upgrade = 'connection: upgrade, close\r\nupgrade: websocket\r\ncontent-length: 28'
  const text = await sendBytes(app, post(upgrade))
  expect(text).toMatch(/^HTTP\/1.1 200 /)
  await expectUnharmed(app, { text })
})

test('G25: stalled headers and bodies time out', () => {
  const { headersTimeout, requestTimeout } = app.app.http.server
  expect([headersTimeout, requestTimeout]).toEqual([10_000, 20_000])
})
