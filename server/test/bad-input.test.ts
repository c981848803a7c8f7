import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'
import { watchStatements } from './support/statements.ts'

// Invalid values are refused with a short message before any SQL runs.

const app = await startTestApp()
const gated = await makeArticle(app.db, { visibility: 'PAID' })
const member = await makeMember(app.db, { issuer: app.issuer.url })
const authorization = `Bearer ${app.issuer.sign({ sub: member.subject })}`
const statements = watchStatements()
const query = `{ article(slug: "${gated.slug}") { title body { rest } } }`

test.each<[string, unknown]>([
  ['malformed JSON', '{"query":"{ plans { id } }"'],
  ['single quotes', "{'query':'{ plans { id } }'}"],
  ['a trailing comma', '{"query":"{ plans { id } }",}'],
  ['two objects', '{"query":"{ plans { id } }"}{}'],
  ['NaN', '{"query":"{ plans { id } }","variables":NaN}'],
  ['a byte order mark', '\ufeff{"query":"{ plans { id } }"}'],
  ['GraphQL instead of JSON', '{ plans { id } }'],
  ['brackets 50,000 deep', '['.repeat(50_000)],
  ['an empty body', ''],
  ['white space', ' \n\t '],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"{ plans { id } }"'],
  ['true', 'true'],
  ['an empty object', '{}'],
  ['no query', { variables: {}, operationName: 'x' }],
  ['an empty query', { query: '' }],
  ['query null', { query: null }],
  ['a query that is a number', { query: 5 }],
  ['a query that is a list', { query: [query] }],
  ['a query that is an object', { query: { kind: 'Document', definitions: [] } }],
  ['QUERY in capitals', { QUERY: query }],
  ['variables as text', { query, variables: '{}' }],
  ['variables as a list', { query, variables: [] }],
  ['variables as a number', { query, variables: 1 }],
  ['extensions as text', { query, extensions: '{}' }],
  ['extensions as a list', { query, extensions: [] }],
  ['operationName as a number', { query, operationName: 7 }],
  ['operationName as an object', { query, operationName: {} }],
  ['a query inside __proto__', '{"__proto__":{"query":"{ plans { id } }"}}'],
])('G11: %s is a bad request', async (_title, body) => {
  const answer = await send(app, { body, ...(body === '' && { headers: { ...json, 'content-length': '0' } }) })
  expect(answer.status).toBe(400)
  expect(answer.data).toBeUndefined()
  expect(answer.errors).toHaveLength(1)
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  await expectUnharmed(app, answer)
})

test.each(['%7B%7B', 'x', '%7B%22a%22', '[]', '7', 'null'])(
  'G11: variables=%s in a URL is a bad request',
  async (variables) => {
    const path = `/graphql?query=%7B__typename%7D&variables=${variables}`
    const answer = await send(app, { method: 'GET', path, headers: { 'apollo-require-preflight': '1' } })
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
    await expectUnharmed(app, answer)
  },
)

test.each(['query=%7B__typename%7D&query=%7Bplans%7Bid%7D%7D', 'query[]=%7B__typename%7D', 'query[a]=b', ''])(
  'G11: the query string %j is a bad request',
  async (search) => {
    const answer = await send(app, {
      method: 'GET',
      path: `/graphql?${search}`,
      headers: { 'apollo-require-preflight': '1' },
    })
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
    await expectUnharmed(app, answer)
  },
)

test.each([
  ['a literal that is too large', '99999999999'],
  ['a literal that is too small', '-99999999999'],
  ['a literal with an exponent', '1e9'],
  ['a fraction', '1.5'],
  ['a text', '"1"'],
  ['a truth', 'true'],
  ['a list', '[1]'],
  ['an object', '{ a: 1 }'],
  ['a word', 'MANY'],
])('G18: first as %s is invalid', async (_title, literal) => {
  const answer = await app.ask(`{ articles(first: ${literal}) { nodes { id } } }`)
  expect(answer.status).toBe(400)
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  await expectUnharmed(app, answer)
})

test.each<[string, unknown]>([
  ['a number that is too large', 99_999_999_999],
  ['a number with 400 digits', 1e308],
  ['a fraction', 1.5],
  ['a text', '1e9'],
  ['an empty text', ''],
  ['a truth', true],
  ['a list', [1, 2]],
  ['an object', { toString: 5 }],
])('G18: $first as %s is bad input', async (_title, first) => {
  const answer = await app.ask('query ($first: Int) { articles(first: $first) { nodes { id } } }', {
    variables: { first },
  })
  expect(answer.status).toBe(400)
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  await expectUnharmed(app, answer)
})

test('G18: 1e400 in JSON is bad input', async () => {
  const answer = await send(app, {
    body: '{"query":"query ($f: Int) { articles(first: $f) { nodes { id } } }","variables":{"f":1e400}}',
  })
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
})

const wrongTexts: [string, string][] = [
  ['a NUL', 'a\0b'],
  ['a NUL at the end', `${gated.slug}\0`],
  ['only a NUL', '\0'],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', '\udc00'],
  ['surrogates in reverse order', '\udc00\ud800'],
  ['5,000 letters', 'x'.repeat(5_000)],
  ['60,000 letters', 'é'.repeat(30_000)],
]
const places: [string, string][] = [
  ['article.slug', 'query ($x: String!) { article(slug: $x) { id } }'],
  ['articles.tag', 'query ($x: String!) { articles(tag: $x) { nodes { id } } }'],
  ['articles.author', 'query ($x: String!) { articles(author: $x) { nodes { id } } }'],
  ['articles.series', 'query ($x: String!) { articles(series: $x) { nodes { id } } }'],
  ['articles.after', 'query ($x: String!) { articles(after: $x) { nodes { id } } }'],
  ['bookmarks.after', 'query ($x: String!) { bookmarks(after: $x) { nodes { id } } }'],
  ['addBookmark.articleId', 'mutation ($x: ID!) { addBookmark(articleId: $x) { id } }'],
  ['removeBookmark.articleId', 'mutation ($x: ID!) { removeBookmark(articleId: $x) { id } }'],
]

test.each(places.flatMap(([place, text]) => wrongTexts.map(([title, value]) => [title, place, text, value] as const)))(
  'G19: %s as %s is bad input',
  async (_title, place, text, x) => {
    // The member may be looked up by the token. No other SQL runs.
    statements.length = 0
    const answer = await app.ask(text, { variables: { x }, headers: { authorization } })
    expect(answer.status).toBe(400)
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
    expect(Object.values(answer.data as object)).toEqual([null])
    expect(statements.filter((sql) => !sql.includes('"member"'))).toEqual([])
    if (place.startsWith('article')) expect(statements).toEqual([])
    await expectUnharmed(app, answer)
  },
)

test.each(['\\u0000', 'a\\u0000b', '\\u{0}', 'a\0b'])('G19: the literal %j is bad input', async (literal) => {
  const answer = await app.ask(`{ article(slug: "${literal}") { id } }`)
  expect(answer).toMatchObject({ status: 400, errors: [{ path: ['article'], extensions: { code: 'BAD_USER_INPUT' } }] })
})

test.each(['\\ud800', '\\udc00\\ud800', '\\u{d800}', '\\u{110000}'])(
  'G19: the literal %j does not parse',
  async (literal) => {
    const answer = await app.ask(`{ article(slug: "${literal}") { id } }`)
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] })
  },
)

test('G19: refuses a text of 1 MB before reading it', async () => {
  const answer = await send(app, {
    body: { query: 'query ($x: String!) { article(slug: $x) { id } }', variables: { x: 'x'.repeat(1_000_000) } },
  })
  expect(answer.status).toBe(413)
})

test('G19: a text of 1 MB by staff is bad input', async () => {
  const staff = `Bearer ${app.issuer.sign({ permissions: ['write:articles'] })}`
  statements.length = 0
  const body = { query: 'query ($x: String!) { article(slug: $x) { id } }', variables: { x: 'x'.repeat(1_000_000) } }
  const answer = await send(app, { headers: { ...json, authorization: staff }, body })
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  expect(statements).toEqual([])
})

test.each([
  "'; DROP TABLE article; --",
  '%',
  '_',
  '../../etc/passwd',
  '${7*7}',
  '{{7*7}}',
  '<script>',
  '💥',
  'constructor',
  '__proto__',
  'ARTICLE',
  '',
])('the slug %j is not found', async (slug) => {
  const answer = await app.ask(
    'query ($slug: String!) { article(slug: $slug) { id } articles(tag: $slug, author: $slug, series: $slug) { nodes { id } } }',
    { variables: { slug } },
  )
  expect({ ...answer, headers: null, text: '' }).toEqual({
    status: 200,
    headers: null,
    text: '',
    data: { article: null, articles: { nodes: [] } },
    errors: undefined,
  })
})

const bookmark = 'mutation ($id: ID!) { addBookmark(articleId: $id) { id } }'
test.each<[string, unknown]>([
  ['another number', '1'],
  ['an id in JSON as a number', 7],
  ['an extra letter', `${gated.id}0`],
  ['braces', `{${gated.id}}`],
  ['no dashes', gated.id.replaceAll('-', '')],
  ['white space', ` ${gated.id}`],
  ['SQL', `${gated.id}' OR '1'='1`],
])('an id with %s is not found', async (_title, id) => {
  const answer = await app.ask(bookmark, { variables: { id }, headers: { authorization } })
  expect(answer).toMatchObject({
    status: 200,
    errors: [{ message: 'There is no such article.', extensions: { code: 'NOT_FOUND' } }],
  })
  await expectUnharmed(app, answer)
})

test.each([
  'first: 0',
  'first: -1',
  'first: 101',
  'first: 1000000000',
  'first: -2147483648',
  'first: null',
  'first: 2147483647',
])('G20: %s is bad input, as a literal and as a variable', async (argument) => {
  const first = JSON.parse(argument.slice(7)) as number | null
  for (const list of ['articles', 'bookmarks']) {
    statements.length = 0
    const headers = { authorization }
    const literal = await app.ask(`{ ${list}(${argument}) { nodes { id } } }`, { headers })
    const variable = await app.ask(`query ($f: Int) { ${list}(first: $f) { nodes { id } } }`, {
      variables: { first: 1, f: first },
      headers,
    })
    for (const answer of [literal, variable]) {
      expect(answer.status).toBe(400)
      expect(answer.errors).toMatchObject([
        { message: 'first must be a number from 1 to 100.', path: [list], extensions: { code: 'BAD_USER_INPUT' } },
      ])
      await expectUnharmed(app, answer)
    }
    expect(statements.filter((sql) => !sql.includes('"member"'))).toEqual([])
  }
})

test.each(['last: 5', 'first: 5, last: 5', 'before: "x"', 'skip: 5', 'limit: 1000', 'first: 5, first: 500'])(
  'G20: %s is not a page argument',
  async (argument) => {
    const answer = await app.ask(`{ articles(${argument}) { nodes { id } } }`)
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
  },
)

test.each<[string, string, Record<string, unknown>, number]>([
  ['a required variable is missing', 'query ($s: String!) { article(slug: $s) { id } }', {}, 1],
  ['a required variable is null', 'query ($s: String!) { article(slug: $s) { id } }', { s: null }, 1],
  ['a default is overridden with null', 'query ($s: String = "x") { article(slug: $s) { id } }', { s: null }, 1],
  ['a directive gets null', 'query ($b: Boolean = true) { plans @include(if: $b) { id } }', { b: null }, 1],
  ['a Boolean is a string', 'query ($b: Boolean!) { plans @include(if: $b) { id } }', { b: 'true' }, 1],
  ['an id is an object', 'mutation ($id: ID!) { addBookmark(articleId: $id) { id } }', { id: { $ne: null } }, 1],
  ['a string is an object', 'query ($s: String!) { article(slug: $s) { id } }', { s: { contains: 'a' } }, 1],
  ['a string is a list', 'query ($s: String!) { article(slug: $s) { id } }', { s: ['a'] }, 1],
  ['a string is a number', 'query ($s: String!) { article(slug: $s) { id } }', { s: 7 }, 1],
])('G23: %s', async (_title, text, variables, count) => {
  const answer = await app.ask(text, { variables, headers: { authorization } })
  expect(answer.status).toBe(400)
  expect(answer.errors).toHaveLength(count)
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  await expectUnharmed(app, answer)
})

test('G23: reports at most five errors about variables', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `v${index}`)
  const fields = Array.from(
    { length: 15 },
    (_, i) =>
      `a${i}: articles(first: $v${i * 4}, tag: $v${i * 4 + 1}, author: $v${i * 4 + 2}, series: $v${i * 4 + 3}) { nodes { id } }`,
  )
  const types = names.map((name, index) => `$${name}: ${index % 4 === 0 ? 'Int' : 'String'}`)
  const variables = Object.fromEntries(names.map((name) => [name, { wrong: 'x'.repeat(1_000) }]))
  const answer = await app.ask(`query (${types.join(' ')}) { ${fields.join(' ')} }`, { variables })
  expect(answer.status).toBe(400)
  expect(answer.errors).toHaveLength(5)
  expect(new Set(answer.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
  await expectUnharmed(app, answer)
})

test('G23: other fields are served beside bad input', async () => {
  const answer = await app.ask(
    'query ($b: Boolean = true) { article(slug: "\\u0000") { id @include(if: $b) } plans { id } }',
  )
  expect(answer).toMatchObject({
    status: 200,
    data: { article: null, plans: expect.any(Array) },
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  })
})

test.each<[string, Record<string, unknown>]>([
  ['with its query', { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ['without a query', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ['of another version', { query, extensions: { persistedQuery: { version: 7 } } }],
])('refuses a persisted query %s', async (_title, body) => {
  const answer = await send(app, { body })
  expect(answer.errors).toEqual([
    { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
  ])
  await expectUnharmed(app, answer)
})

test.each([
  'subscription { articles { nodes { id } } }',
  'subscription S { x }',
  'mutation { articles { id } }',
  '{ addBookmark(articleId: "x") { id } }',
])('the operation %s is invalid', async (text) => {
  const answer = await app.ask(text)
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
  expect(answer.data).toBeUndefined()
})

test('none of these requests caused an internal error', () => {
  const lines = app.logs.map((line) => JSON.parse(line) as { level: number; msg: string })
  expect(lines.filter(({ level }) => level >= 40)).toEqual([])
})
