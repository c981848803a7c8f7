import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeMembership, makePlan } from './support/factories.ts'
import { expectUnharmed, json, send, type RawRequest } from './support/http.ts'
import { eventually } from './support/eventually.ts'

// Headers for CORS and caching.

const site = 'https://site.gatepost.test'
const app = await startTestApp({ env: { SITE_URL: site, CORS_ORIGINS: 'https://desk.gatepost.test' } })
const stopping = await startTestApp({ beside: app, env: { SITE_URL: site } })
const gated = await makeArticle(app.db, { visibility: 'PAID' })
const plan = await makePlan(app.db)
const member = await makeMember(app.db, { issuer: app.issuer.url })
await makeMembership(app.db, member.id, plan.id)
const authorization = `Bearer ${app.issuer.sign({ sub: member.subject })}`
const query = '{ __typename }'

const foreign = [
  'https://evil.test',
  'null',
  'http://site.gatepost.test',
  'https://site.gatepost.test:8443',
  'https://site.gatepost.test.evil.test',
  'https://evilsite.gatepost.test',
  'https://sub.site.gatepost.test',
  'https://SITE.gatepost.test',
  'https://site.gatepost.test/',
  'https://site.gatepost.test https://evil.test',
  'https://siteXgatepost.test',
  'http://localhost:8000',
  '*',
]

test.each(foreign)('G26: the origin %j cannot read responses', async (origin) => {
  for (const request of [
    { body: { query } },
    { body: '{{{' },
    { path: '/elsewhere', body: {} },
    { headers: { ...json, authorization: 'Bearer x' }, body: { query } },
    {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    },
  ] as RawRequest[]) {
    const answer = await send(app, { ...request, headers: { ...json, ...request.headers, origin } })
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    expect(answer.headers.vary).toMatch(/\bOrigin\b/)
    await expectUnharmed(app, answer)
  }
})

test.each([site, 'https://desk.gatepost.test'])(
  'G26: the origin %s can read responses, without credentials',
  async (origin) => {
    const headers = { ...json, origin }
    for (const [request, status] of [
      [{ headers, body: { query } }, 200],
      [{ headers, body: '{{{' }, 400],
      [{ headers: { ...headers, authorization: 'Bearer x' }, body: { query } }, 401],
      [{ headers, path: '/elsewhere', body: {} }, 404],
      [{ headers, method: 'DELETE' }, 405],
    ] as [RawRequest, number][]) {
      const answer = await send(app, request)
      expect(answer.status).toBe(status)
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
      expect(answer.headers['access-control-expose-headers']).toMatch(/x-request-id.*retry-after.*www-authenticate/)
    }
  },
)

test('G26: a preflight is answered without its token, and runs nothing', async () => {
  const headers = {
    origin: site,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  }
  const answer = await send(app, { method: 'OPTIONS', headers })
  expect(answer.status).toBe(204)
  expect(answer.text).toBe('')
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': site,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization,content-type',
    'access-control-max-age': '600',
  })
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
})

test('G26: a refused origin does not affect the next request', async () => {
  for (const origin of ['https://evil.test', site, 'https://evil.test']) {
    const { headers } = await send(app, { headers: { ...json, origin }, body: { query } })
    expect(headers['access-control-allow-origin']).toBe(origin === site ? site : undefined)
  }
})

const body = { query: `{ article(slug: "${gated.slug}") { title body { rest } } }` }

test.each<[string, RawRequest, number]>([
  ['of public fields', { body: { query: '{ plans { id } }' } }, 200],
  ['that is locked', { body }, 200],
  [
    'to a GET',
    { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers: { 'apollo-require-preflight': '1' } },
    200,
  ],
  ['to a mutation', { body: { query: 'mutation { addBookmark(articleId: "x") { id } }' } }, 200],
  ['to a bad query', { body: { query: '{ nope }' } }, 400],
  ['to bad JSON', { body: '{{{' }, 400],
  ['to a bad slug', { body: { query: '{ article(slug: "\\u0000") { id } }' } }, 400],
  ['to a simple request', { headers: { 'content-type': 'text/plain' }, body: 'x' }, 400],
  ['to a bad token', { headers: { ...json, authorization: 'Bearer x' }, body }, 401],
  ['to a wrong method', { method: 'PATCH' }, 405],
  ['that cannot be accepted', { headers: { ...json, accept: 'text/html' }, body }, 406],
  ['to a body that is too large', { body: 'x'.repeat(100_001) }, 413],
  ['to an unsupported encoding', { headers: { ...json, 'content-encoding': 'br' }, body }, 415],
])('G33: a response %s is not cacheable', async (_title, request, status) => {
  const answer = await send(app, request)
  expect(answer.status).toBe(status)
  expect(answer.headers['cache-control']).toBe('private, no-store')
  expect(answer.headers.vary?.split(', ')).toEqual(['Origin', 'Authorization'])
  expect(answer.headers).not.toHaveProperty('etag')
  expect(answer.headers).not.toHaveProperty('last-modified')
  await expectUnharmed(app, answer)
})

test('G33: a paid article is not cacheable', async () => {
  const { headers, data } = await send(app, { headers: { ...json, authorization }, body })
  expect(data.article.body.rest).toContain(gated.slug)
  expect(headers['cache-control']).toBe('private, no-store')
  expect(headers.vary?.split(', ')).toEqual(['Origin', 'Authorization'])
  expect(headers).not.toHaveProperty('etag')
})

test('G33: conditional requests are answered in full', async () => {
  const conditions = { 'if-none-match': '*', 'if-modified-since': new Date().toUTCString(), range: 'bytes=0-10' }
  const { status, data } = await send(app, { headers: { ...json, authorization, ...conditions }, body })
  expect(status).toBe(200)
  expect(data.article.body.rest).toContain(gated.slug)
})

test.each<[string, RawRequest]>([
  ['an answer', { body }],
  ['a refusal', { headers: { ...json, authorization: 'Bearer x' }, body }],
  ['an unknown path', { method: 'GET', path: '/x' }],
])('%s cannot be framed, sniffed or run', async (_title, request) => {
  const { headers } = await send(app, request)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'content-type': 'application/json; charset=utf-8',
  })
  expect(headers).not.toHaveProperty('x-powered-by')
  expect(headers).not.toHaveProperty('server')
  expect(headers).not.toHaveProperty('set-cookie')
})

test('a page of the site can read the 503 of a stopping server', async () => {
  const client = connect(Number(new URL(stopping.url).port), '127.0.0.1')
  let text = ''
  client.on('data', (part: Buffer) => (text += part.toString()))
  const accepted = once(stopping.app.http.server, 'connection') as Promise<[Socket]>
  client.write('GET /health/live HTTP/1.1\r\nhost: x\r\n')
  const [socket] = await accepted
  await eventually(() => Promise.resolve(socket.bytesRead > 0))
  const closed = stopping.app.close()
  client.write(`origin: ${site}\r\n\r\n`)
  await once(client, 'close')
  await closed
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  expect(text).toContain(`\r\naccess-control-allow-origin: ${site}\r\n`)
  expect(text).toContain('\r\nretry-after: 5\r\n')
  expect(text).toContain('"The server is stopping. Try again."')
})
