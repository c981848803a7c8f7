import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeMembership, makePlan } from './support/factories.ts'
import { hostileTokens } from './support/hostile-tokens.ts'
import { expectUnharmed, json, send, sendBytes, type RawRequest } from './support/http.ts'

// The response to a refused token. The tests in auth/ cover which tokens are refused.

const app = await startTestApp()
const { db, issuer } = app
const article = await makeArticle(db, { visibility: 'PAID' })
const member = await makeMember(db, { issuer: issuer.url })
await makeMembership(db, member.id, (await makePlan(db)).id)
const token = issuer.sign({ sub: member.subject })
const query = `{ article(slug: "${article.slug}") { title body { rest } } viewer { subject } }`

const written = async () => [await db.bookmark.count({ where: { articleId: article.id } }), await db.member.count()]
const before = await written()

test('T01: serves public fields without a token', async () => {
  const answer = await app.ask(query)
  expect(answer.status).toBe(200)
  expect(answer.data).toEqual({ article: { title: `Title of ${article.slug}`, body: null }, viewer: null })
  expect(answer.errors).toMatchObject([{ path: ['article', 'body'], extensions: { code: 'UNAUTHENTICATED' } }])
  // RFC 6750, section 3.1: without a token the challenge has no error.
  expect(answer.headers.get('www-authenticate') ?? '').not.toContain('error=')
  await expectUnharmed(app, answer)
})

const answers = new Set<string>()

// Only tokens that a header can carry. HTTP removes white space at both ends.
const sendable = hostileTokens(issuer, 86_400).filter(
  ({ token }) => token.length < 10_000 && /^[!-~]+( +[!-~]+)*$/.test(token),
)

test.each(sendable)('$threat: $title is a 401 without details', async ({ token: bad, reason }) => {
  const start = app.logs.length
  const answer = await app.ask(`mutation { addBookmark(articleId: "${article.id}") { id } }`, {
    headers: { authorization: `Bearer ${bad}` },
  })
  const id = answer.headers.get('x-request-id')
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  const body = JSON.parse(answer.text) as { errors: { extensions: { requestId: string } }[] }
  expect(body).toEqual({
    errors: [
      {
        message:
          'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
        extensions: { code: 'UNAUTHENTICATED', requestId: id },
      },
    ],
  })
  answers.add(answer.text.replace(String(id), ''))
  const lines = app.logs
    .slice(start)
    .map((line) => JSON.parse(line) as { msg: string; requestId?: string; reason?: string })
  expect(lines.find(({ msg }) => msg === 'token refused')).toMatchObject({ requestId: id, reason })
  await expectUnharmed(app, answer)
})

test('every 401 has the same message, and nothing was written', async () => {
  expect(answers.size).toBe(1)
  expect(await written()).toEqual(before)
})

test('an invalid token is refused for public fields too', async () => {
  const answer = await app.ask('{ plans { id } }', { token: 'x.y.z' })
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('"data"')
})

test.each<[string, RawRequest]>([
  [
    'a GET',
    { method: 'GET', path: '/graphql?query=%7Bplans%7Bid%7D%7D', headers: { 'apollo-require-preflight': '1' } },
  ],
  ['bad JSON', { body: '{{{' }],
  ['a batch', { body: [] }],
  ['a bad query', { body: { query: '{{{' } }],
  ['a browser that opens the Sandbox', { method: 'GET', headers: { accept: 'text/html' } }],
])('an invalid token is refused with %s', async (_title, request) => {
  const answer = await send(app, {
    ...request,
    headers: { ...json, ...request.headers, authorization: 'Bearer x.y.z' },
  })
  expect(answer.status).toBe(401)
  await expectUnharmed(app, answer)
})

test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('T26: accepts the scheme %s', async (scheme) => {
  for (const space of [' ', '  ', '     ']) {
    const { data } = await app.ask(query, { headers: { authorization: `${scheme}${space}${token}` } })
    expect(data.viewer.subject).toBe(member.subject)
  }
})

test.each(['Basic', 'Token', 'JWT', 'DPoP', 'Bearerx', 'Bearer:', 'Bearer='])(
  'T26: refuses the scheme %s',
  async (scheme) => {
    const answer = await app.ask(query, { headers: { authorization: `${scheme} ${token}` } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    await expectUnharmed(app, answer)
  },
)

test.each(['Bearer', 'Bearer ', '""', 'null', 'undefined', token])(
  'T26: the header %j is refused',
  async (authorization) => {
    const answer = await app.ask(query, { headers: { authorization } })
    expect(answer.status).toBe(401)
    await expectUnharmed(app, answer)
  },
)

const good = `Authorization: Bearer ${token}`
test.each([
  ['two headers', `${good}\r\n${good}`],
  ['two headers, the second in lower case', `${good}\r\nauthorization: Bearer x`],
  ['two headers, the valid one last', `Authorization: Bearer x.y.z\r\n${good}`],
  ['two headers, the first empty', `Authorization:\r\n${good}`],
  ['two headers, the second of another scheme', `${good}\r\nAuthorization: Basic eDp5`],
  ['three headers', `${good}\r\n${good}\r\n${good}`],
  ['two tokens joined by a comma', `${good}, Bearer ${token}`],
  ['a comma at the end', `${good},`],
])('T25: %s are a bad request', async (_title, headers) => {
  const body = JSON.stringify({ query })
  const text = await sendBytes(
    app,
    `POST /graphql HTTP/1.1\r\nHost: x\r\n${headers}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  )
  expect(text).toMatch(/^HTTP\/1.1 400 /)
  expect(text).toContain('www-authenticate: Bearer error="invalid_request"')
  expect(text).toContain('"code":"BAD_REQUEST"')
  expect(text).not.toContain('"data"')
  await expectUnharmed(app, { text })
})

test.each<[string, Parameters<typeof send>[1]]>([
  ['in the URL', { path: `/graphql?access_token=${token}`, body: { query } }],
  [
    'in the URL of a GET',
    {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(query)}&access_token=${token}`,
      headers: { 'apollo-require-preflight': '1' },
    },
  ],
  ['in the URL as authorization', { path: `/graphql?authorization=Bearer%20${token}`, body: { query } }],
  ['in the body', { body: { query, access_token: token, authorization: `Bearer ${token}` } }],
  ['in the extensions', { body: { query, extensions: { access_token: token, authorization: `Bearer ${token}` } } }],
  ['in the variables', { body: { query, variables: { access_token: token } } }],
  [
    'in a cookie',
    { headers: { ...json, cookie: `access_token=${token}; authorization=Bearer ${token}` }, body: { query } },
  ],
  [
    'in another header',
    { headers: { ...json, 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` }, body: { query } },
  ],
])('T27: a token %s is ignored and not logged', async (_title, request) => {
  const answer = await send(app, request)
  expect(answer.status).toBe(200)
  expect(answer.data).toMatchObject({ article: { body: null }, viewer: null })
  expect(app.logs.join('')).not.toContain(token.slice(0, 20))
  await expectUnharmed(app, answer)
})

test('T27: a token in an unknown path is not logged', async () => {
  for (const path of [`/x?access_token=${token}`, `/${token}`, `/x/${token}/y`, `/%zz?access_token=${token}`]) {
    await expectUnharmed(app, await send(app, { method: 'GET', path }))
  }
})

test.each([17_000, 60_000])('T23: refuses a token of %d bytes before reading it', async (length) => {
  const { discovery, keys } = issuer.fetches
  const text = await sendBytes(
    app,
    `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'a'.repeat(length)}\r\n\r\n`,
  )
  expect(text).toMatch(/^HTTP\/1.1 431 /)
  expect(issuer.fetches).toMatchObject({ discovery, keys })
  await expectUnharmed(app, { text })
})

test('T23: the longest token that fits the headers is a 401', async () => {
  const [head = '', , signature = ''] = token.split('.')
  const answer = await app.ask(query, { token: `${head}.${'A'.repeat(15_000)}.${signature}` })
  expect(answer.status).toBe(401)
  await expectUnharmed(app, answer)
})

test('a verified anonymous session is anonymous', async () => {
  const { status, data, errors } = await app.ask(query, { token: issuer.sign({ sub: 'anon@1234' }) })
  expect(status).toBe(200)
  expect(data.viewer).toBeNull()
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
})
