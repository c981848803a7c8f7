import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember } from './support/factories.ts'
import { json, send } from './support/http.ts'
import { openStream } from './support/stream.ts'

// Requests that real clients and newcomers send.

const app = await startTestApp()
const production = await startTestApp({ production: true, beside: app })
const article = await makeArticle(app.db)
const member = await makeMember(app.db, { issuer: app.issuer.url })
const token = app.issuer.sign({ sub: member.subject })
const preflight = { 'apollo-require-preflight': '1' }

test.each(['', null])('operationName %j is treated as absent', async (operationName) => {
  const query = 'query Named { plans { slug } }'
  const posted = await send(app, { body: { query, operationName, variables: null } })
  expect(posted).toMatchObject({ status: 200, data: { plans: expect.any(Array) }, errors: undefined })
  const stream = await openStream(app, {
    token,
    body: { query: 'subscription S { viewerChanged { id } }', operationName },
  })
  expect(await stream.next()).toMatchObject({ data: { viewerChanged: { id: member.id } } })
})

test('an empty operationName in a URL is treated as absent', async () => {
  const search = new URLSearchParams({ query: 'query Named { plans { slug } }', operationName: '' })
  const answer = await send(app, { method: 'GET', path: `/graphql?${search.toString()}`, headers: preflight })
  expect(answer).toMatchObject({ status: 200, data: { plans: expect.any(Array) } })
})

test('an empty operationName does not choose between two operations', async () => {
  const query = 'query A { plans { slug } } query B { plans { name } }'
  const posted = await send(app, { body: { query, operationName: '' } })
  expect(posted).toMatchObject({ status: 400, errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] })
})

test('the refusal of a Relay directive names the directive', async () => {
  const query = 'fragment page_refetch on Article @refetchable(queryName: "pageArticleQuery") { id title }'
  const answer = await send(app, { body: { query } })
  expect(answer.status).toBe(400)
  expect(answer.errors).toContainEqual({
    message: 'Unknown directive "@refetchable".',
    locations: expect.any(Array),
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  })
})

const hint = (field: string): string =>
  `${field} is null because the request has no token. Send one as "Authorization: Bearer <token>". On a developer's machine \`npm run --silent token -- --as subscriber\` prints one.`

test.each<[string, string, string[]]>([
  ['viewer', '{ viewer { id } }', ['Query.viewer']],
  ['viewer with an alias', '{ me: viewer { id } again: viewer { name } }', ['Query.viewer']],
  ['bookmarked', `{ article(slug: "${article.slug}") { bookmarked } }`, ['Article.bookmarked']],
  ['viewer in a fragment', 'query { ...F } fragment F on Query { viewer { id } }', ['Query.viewer']],
])('%s without a token has a hint in development only', async (_title, query, fields) => {
  const answer = await app.ask(query)
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject({ extensions: { hints: fields.map(hint) } })
  expect((await production.ask(query)).text).not.toContain('hints')
})

test.each([
  ['viewer with a token', '{ viewer { id } }', token],
  ['plans without a token', '{ plans { id } }', undefined],
])('%s needs no hint', async (_title, query, as) => {
  expect((await app.ask(query, { token: as })).text).not.toContain('hints')
})

test.each(['', 'null', 'undefined', 'Basic eDp5', 'x.y.z', 'Token x.y.z', 'Bearer', 'Bearer x.y.z', token])(
  'the 401 for the header %j names the required form',
  async (authorization) => {
    const { status, errors } = await send(app, {
      headers: { ...json, authorization },
      body: { query: '{ plans { id } }' },
    })
    expect({ status, message: errors?.[0]?.message }).toEqual({
      status: 401,
      message:
        'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
    })
  },
)
