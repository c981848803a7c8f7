import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
  type IntrospectionQuery,
} from 'graphql'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'
import { json, send } from './support/http.ts'

// The page for developers who open the API in a browser.

const app = await startTestApp()
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'
const page = await send(app, { method: 'GET', headers: { accept: browser } })
const published = readFileSync(path.resolve(import.meta.dirname, '../../schema.graphql'), 'utf8')

test('a browser gets the Sandbox', () => {
  expect(page.status).toBe(200)
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  expect(page.text).toContain('<!doctype html>')
  expect(page.text).toContain('EmbeddedSandbox')
})

test('the policy allows only the page’s own script and Apollo’s', () => {
  const policy = new Map(
    String(page.headers['content-security-policy'])
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
  )
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('frame-ancestors')).toEqual(["'none'"])
  expect(policy.get('connect-src')).toEqual(["'self'"])
  expect(policy.get('frame-src')).toEqual(['https://sandbox.embed.apollographql.com'])
  const scripts = policy.get('script-src') ?? []
  expect(scripts).not.toContain("'unsafe-inline'")
  expect(scripts).not.toContain("'unsafe-eval'")
  const inline = [...page.text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text ?? '')
  expect(inline).toHaveLength(1)
  for (const text of inline) expect(scripts).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  for (const [, source] of page.text.matchAll(/<script src="([^"]*)"/g))
    expect(scripts).toContain(new URL(source ?? '').origin)
})

test('its first query is valid', async () => {
  const document = /"document":("(?:[^"\\]|\\.)*")/.exec(page.text)?.[1] ?? '""'
  const query = JSON.parse(document) as string
  expect(validate(buildSchema(published), parse(query))).toEqual([])
  await makeArticle(app.db, { visibility: 'PAID', publishedAt: new Date() })
  const { status, data } = await app.ask(query)
  expect(status).toBe(200)
  expect(data.articles.nodes[0].access.reason).toBe('SIGN_IN_REQUIRED')
})

test('the page contains nothing of the request', async () => {
  const headers = {
    accept: 'text/html',
    host: 'evil.test"><script>',
    'x-forwarded-host': 'evil.test',
    referer: 'https://evil.test',
  }
  const { text } = await send(app, { method: 'GET', headers })
  expect(text).not.toContain('evil.test')
  expect((await send(app, { method: 'GET', headers: { ...headers, host: 'evil.test' } })).text).toBe(page.text)
})

test.each<[string, Parameters<typeof send>[1]]>([
  ['a program', { method: 'GET', headers: { accept: 'application/json' } }],
  ['a browser with a query', { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers: { accept: browser } }],
  ['a browser elsewhere', { method: 'GET', path: '/', headers: { accept: browser } }],
])('%s gets no page', async (_title, request) => {
  const { status, headers } = await send(app, request)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
})

test('the hosted Sandbox can read responses, without credentials', async () => {
  const headers = { ...json, origin: 'https://studio.apollographql.com' }
  const answer = await send(app, { headers, body: { query: '{ __typename }' } })
  expect(answer.headers['access-control-allow-origin']).toBe('https://studio.apollographql.com')
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
})

const everything = {
  inputValueDeprecation: true,
  specifiedByUrl: true,
  schemaDescription: true,
  directiveIsRepeatable: true,
  oneOf: true,
}
test.each([
  ['of clients', getIntrospectionQuery()],
  ['with every option', getIntrospectionQuery(everything)],
])('introspection %s is within the limits', async (_title, query) => {
  const { status, errors, data } = await app.ask(query)
  expect({ status, errors }).toEqual({ status: 200, errors: undefined })
  const served = buildClientSchema(data as IntrospectionQuery)
  // The order of types in the schema file is irrelevant.
  expect(printSchema(lexicographicSortSchema(served))).toBe(
    printSchema(lexicographicSortSchema(buildSchema(published))),
  )
})

test('a misspelt field gets a suggestion', async () => {
  const { status, text } = await app.ask('{ articel(slug: "x") { id } }')
  expect(status).toBe(400)
  expect(text).toMatch(/Did you mean/)
})
