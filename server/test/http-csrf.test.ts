import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'

// Requests that another site can send without a preflight must have no effect. Unreadable bodies are refused.

const app = await startTestApp()
const article = await makeArticle(app.db)
const member = await makeMember(app.db, { issuer: app.issuer.url })
const authorization = `Bearer ${app.issuer.sign({ sub: member.subject })}`
const query = '{ __typename }'
const search = `query=${encodeURIComponent(query)}`

const simpleTypes = [
  'text/plain',
  'TEXT/PLAIN; charset=UTF-8',
  'text/plain; application/json',
  'text/plain;charset=utf-8;application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  ' text/plain',
]
const bodies = [
  JSON.stringify({ query }),
  search,
  '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }"}\r\n--x--',
]

test.each(simpleTypes)('G13: a POST of type %j is refused', async (type) => {
  for (const body of bodies) {
    const answer = await send(app, { headers: { 'content-type': type, authorization }, body })
    expect(answer.status).toBe(400)
    expect(answer.data).toBeUndefined()
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
    await expectUnharmed(app, answer)
  }
})

test.each([
  '',
  'nonsense',
  '/',
  'application/',
  'a/b/c; =',
  'application/jsonp',
  'application/graphql',
  'text/json',
  'application/json, text/plain',
  'text/plain, application/json',
])('G13: a POST of type %j is refused', async (type) => {
  const answer = await send(app, { headers: { 'content-type': type }, body: { query } })
  expect([400, 415]).toContain(answer.status)
  expect(answer.data).toBeUndefined()
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  await expectUnharmed(app, answer)
})

test('G13: a POST without a type is refused', async () => {
  for (const body of bodies) {
    const answer = await send(app, { headers: {}, body })
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
    expect(answer.errors?.[0]?.message).toContain('CSRF')
    await expectUnharmed(app, answer)
  }
})

test.each<[string, Record<string, string>]>([
  ['no header', {}],
  ['an empty preflight header', { 'apollo-require-preflight': '' }],
  ['headers that any page can set', { accept: 'application/json', 'accept-language': 'x', range: 'bytes=0-1' }],
  ['a token', { authorization }],
])('G13: a GET with %s is refused', async (_title, headers) => {
  const answer = await send(app, { method: 'GET', path: `/graphql?${search}`, headers })
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  expect(answer.data).toBeUndefined()
  await expectUnharmed(app, answer)
})

test.each(['apollo-require-preflight', 'x-apollo-operation-name'])('G13: a GET with %s is answered', async (name) => {
  const answer = await send(app, { method: 'GET', path: `/graphql?${search}`, headers: { [name]: '1' } })
  expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } })
})

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON;charset="UTF-8"',
  'application/json;x=y',
  'application/graphql-response+json',
])('accepts a POST of type %j', async (type) => {
  const answer = await send(app, { headers: { 'content-type': type }, body: { query } })
  expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } })
})

test.each(['iso-2022-kr', 'utf-16', 'utf-7', 'latin1', 'utf-8x', '"utf-16"'])(
  'G25: the character set %s is refused',
  async (charset) => {
    const answer = await send(app, {
      headers: { 'content-type': `application/json; charset=${charset}` },
      body: { query },
    })
    expect(answer).toMatchObject({ status: 415, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
    await expectUnharmed(app, answer)
  },
)

test.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip', 'x'])(
  'G25: a body in %s is refused',
  async (encoding) => {
    const answer = await send(app, { headers: { ...json, 'content-encoding': encoding }, body: { query } })
    expect(answer).toMatchObject({ status: 415, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
    await expectUnharmed(app, answer)
  },
)

const bookmarks = () => app.db.bookmark.count({ where: { memberId: member.id } })
const mutation = `mutation { addBookmark(articleId: "${article.id}") { id } }`

test.each([
  'text/html',
  'image/png',
  'application/xml',
  'application/jsonp',
  'multipart/mixed; deferSpec=20220824',
  'text/event-stream',
  'nonsense',
])('refuses a client that accepts only %s', async (accept) => {
  const answer = await send(app, { headers: { ...json, accept, authorization }, body: { query: mutation } })
  expect(answer).toMatchObject({ status: 406, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  expect(await bookmarks()).toBe(0)
  await expectUnharmed(app, answer)
})

test.each([
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['text/html, application/json;q=0.1', 'application/json'],
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
  ['multipart/mixed; deferSpec=20220824, application/json', 'application/json'],
])('a client that accepts %j gets %s', async (accept, type) => {
  const answer = await send(app, { headers: { ...json, accept }, body: { query } })
  expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } })
  expect(answer.headers['content-type']).toBe(`${type}; charset=utf-8`)
})
