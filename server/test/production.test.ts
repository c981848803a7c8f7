import { expect, test } from '@jest/globals'
import { getIntrospectionQuery } from 'graphql'
import { parseSettings } from '../src/env.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'

// Production does not reveal the schema, suggestions of names, pages or internal errors.

const app = await startTestApp({ production: true })
const gated = await makeArticle(app.db, { visibility: 'PAID' })

test.each([
  ['__schema', '{ __schema { types { name } } }'],
  ['__type', '{ __type(name: "ArticleBody") { fields { name } } }'],
  ['aliases', '{ a: __schema { queryType { name } } b: __type(name: "Query") { name } }'],
  ['a fragment', 'fragment F on Query { __schema { queryType { name } } } { ...F }'],
  ['inline fragments', '{ ... { ... on Query { __type(name: "Query") { name } } } }'],
  ['a skipped field', '{ __schema @skip(if: true) { queryType { name } } plans { id } }'],
  ['a second operation', 'query A { plans { id } } query B { __schema { queryType { name } } }'],
  ['the full introspection query', getIntrospectionQuery()],
  [
    'the full introspection query with all options',
    getIntrospectionQuery({
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    }),
  ],
])('G07: no introspection by %s', async (_title, query) => {
  const answer = await app.ask(query)
  expect(answer.status).toBe(400)
  expect(answer.data).toBeUndefined()
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED')
  expect(answer.errors?.map(({ message }) => message)).toContain('Introspection is not available.')
  expect(answer.text).not.toMatch(/Apollo|introspection: true|NODE_ENV|Did you mean/)
  await expectUnharmed(app, answer)
})

test.each([
  'fragment F on Query { __schema { queryType { name } } } { plans { id } }',
  'mutation { __schema { queryType { name } } }',
  '{ __schema }',
])('G07: no introspection by the invalid %s', async (query) => {
  const answer = await app.ask(query)
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
  expect(answer.data).toBeUndefined()
})

test('G07: __typename is available', async () => {
  const { data } = await app.ask(`{ __typename article(slug: "${gated.slug}") { __typename } }`)
  expect(data).toEqual({ __typename: 'Query', article: { __typename: 'Article' } })
})

test.each([
  ['a field', '{ articel(slug: "x") { id } }'],
  ['a field of a gated type', `{ article(slug: "${gated.slug}") { body { htm rset } } }`],
  ['a field of another type', '{ plans { title } }'],
  ['an argument', '{ article(slg: "x") { id } }'],
  ['an argument of a directive', '{ plans { id @include(fi: true) } }'],
  ['a directive', '{ plans { id @inclue(if: true) } }'],
  ['a type', '{ ... on Qery { plans { id } } }'],
  ['the type of a variable', 'query ($s: Strin!) { article(slug: $s) { id } }'],
  ['a fragment', 'fragment Plan1 on Plan { id } { plans { ...Plan2 } }'],
  ['missing subfields', '{ plans }'],
  ['a fragment that cannot apply', '{ plans { ... on Article { id } } }'],
  ['a root field', 'mutation { addBokmark(articleId: "x") { id } }'],
])('G09: no suggestion for %s', async (_title, query) => {
  const answer = await app.ask(query)
  expect(answer.status).toBe(400)
  expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  expect(answer.text).not.toMatch(/did you mean/i)
  await expectUnharmed(app, answer)
})

test.each(['text/html', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', '*/*'])(
  'a browser that accepts %s gets no page',
  async (accept) => {
    for (const path of ['/graphql', '/', '/graphql/', '/graphql?query=%7B__typename%7D']) {
      const headers = {
        accept,
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'upgrade-insecure-requests': '1',
      }
      const answer = await send(app, { method: 'GET', path, headers })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(answer.text).not.toMatch(/<html|<script|sandbox/i)
      await expectUnharmed(app, answer)
    }
  },
)

test('the hosted Sandbox cannot read responses', async () => {
  const headers = { ...json, origin: 'https://studio.apollographql.com' }
  const answer = await send(app, { headers, body: { query: '{ __typename }' } })
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
})

test('production requires an issuer with https', () => {
  const settings = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://127.0.0.1/x',
    AUTH_ISSUER: 'http://127.0.0.1/',
    AUTH0_AUDIENCE: 'https://api.example.org',
    SITE_URL: 'https://example.org',
  }
  expect(() => parseSettings(settings)).toThrow(/AUTH_ISSUER is not an https address/)
  expect(parseSettings({ ...settings, AUTH_ISSUER: 'https://example.org/' }).production).toBe(true)
})

test('a response is the same as in development', async () => {
  const answer = await app.ask(`{ article(slug: "${gated.slug}") { title access { reason } body { rest } } }`)
  expect(answer).toMatchObject({
    status: 200,
    data: { article: { access: { reason: 'SIGN_IN_REQUIRED' }, body: null } },
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  })
  await expectUnharmed(app, answer)
})

const enumProbes: [string, string, Record<string, unknown> | undefined][] = [
  ['a literal', '{ planChange(plan: "a", interval: MONTLY) { at } }', undefined],
  ['a text', '{ planChange(plan: "a", interval: "MONTHLY") { at } }', undefined],
  ['a variable', 'query ($i: BillingInterval!) { planChange(plan: "a", interval: $i) { at } }', { i: 'MONTLY' }],
  [
    'a variable of a mutation',
    'mutation ($t: PortalTask) { openBillingPortal(returnTo: "/", task: $t) { url } }',
    { t: 'UPDATE_CART' },
  ],
  ['a default', 'query ($i: BillingInterval! = MONTLY) { planChange(plan: "a", interval: $i) { at } }', undefined],
]

test.each(enumProbes)('G09: no suggestion for an enum value in %s', async (_title, query, variables) => {
  const posted = await app.ask(query, { ...(variables && { variables }) })
  const search = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) })
  const fetched = await send(app, {
    method: 'GET',
    path: `/graphql?${search.toString()}`,
    headers: { 'apollo-require-preflight': '1' },
  })
  const streamed = await send(app, { path: '/graphql/stream', body: { query, variables } })
  for (const answer of [posted, fetched, streamed]) {
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toMatch(/Did you mean|does not exist in|cannot represent|got invalid value|UPDATE_CARD/)
    expect(answer.text.replaceAll('"MONTHLY"', '')).not.toContain('MONTHLY')
    await expectUnharmed(app, answer)
  }
})
