import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'

// The limits on the size of a query, each with a query above and one just within it. Refusals come before the execution.

const app = await startTestApp()
const gated = await makeArticle(app.db, { visibility: 'PAID' })

const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ')
const nested = (depth: number, open: string, inner: string): string => open.repeat(depth) + inner + '}'.repeat(depth)
const body = `article(slug:"${gated.slug}") { body { html rest } }`
const validation = 'GRAPHQL_VALIDATION_FAILED'
const parsing = 'GRAPHQL_PARSE_FAILED'

test.each<[string, string, string, string]>([
  ['G01', 'nested 20 deep', `{ plans ${nested(19, '{ includes ', '{ id }')} }`, validation],
  ['G01', 'nested 13 deep', `{ plans ${nested(11, '{ includes ', '{ id }')} }`, validation],
  [
    'G01',
    'nested by fragments that spread each other',
    `${times(14, (i) => `fragment F${i} on Plan { includes { ...F${i + 1} } }`)} fragment F14 on Plan { id } { plans { ...F0 } }`,
    validation,
  ],
  [
    'G01',
    'nested by inline fragments',
    `{ plans ${nested(13, '{ ... on Plan { includes ', '{ id }')}${'}'.repeat(14)}`,
    validation,
  ],
  ['G01', 'nested 3000 deep', nested(3000, '{a', '{a}'), parsing],
  ['G01', '3000 inline fragments in each other', nested(3000, '{...', '{a}'), parsing],
  [
    'G01',
    'a list 450 deep as an argument',
    `{ article(slug: ${'['.repeat(450)}${']'.repeat(450)}) { id } }`,
    validation,
  ],
  ['G01', 'an object 3000 deep as an argument', `{ article(slug: ${nested(3000, '{a:', '1')}) { id } }`, parsing],
  ['G02', '16 aliases', `{ ${times(16, (i) => `a${i}: plans { id }`)} }`, validation],
  ['G02', '16 aliases of a body', `{ ${times(16, (i) => `a${i}: ${body}`)} }`, validation],
  ['G02', '16 aliases further down', `{ plans { ${times(16, (i) => `a${i}: id`)} } }`, validation],
  ['G02', '16 aliases that only repeat the name', `{ ${times(8, () => 'plans: plans { id: id }')} }`, validation],
  ['G02', '101 aliases', `{ ${times(101, (i) => `a${i}: plans { id }`)} }`, validation],
  ['G02', '1000 aliases', `{ ${times(1000, (i) => `a${i}: plans { id }`)} }`, parsing],
  ['G02', 'aliases of __typename', `{ ${times(16, (i) => `a${i}: __typename`)} }`, validation],
  [
    'G02',
    'aliases by fragments, spread twice',
    `fragment F on Plan { ${times(8, (i) => `a${i}: id`)} } { plans { ...F includes { ...F } } }`,
    validation,
  ],
  ['G04', '10 repeated directives', `{ plans { id ${'@include(if: true) '.repeat(10)} } }`, validation],
  ['G04', '50 repeated directives', `{ plans { id ${'@skip(if: false) '.repeat(50)} } }`, validation],
  ['G04', '50 unknown directives', `{ plans { id ${times(50, (i) => `@a${i}`)} } }`, validation],
  [
    'G04',
    '50 repeated directives of the query',
    `query Q ${'@include(if: true) '.repeat(50)} { plans { id } }`,
    validation,
  ],
  [
    'G04',
    'a valid directive on each of 11 fields',
    `{ plans { ${times(11, () => 'id @include(if: true)')} } }`,
    validation,
  ],
  [
    'G04',
    'directives by fragments',
    `fragment F on Plan { ${times(6, (i) => `...on Plan @include(if: true) { a${i}: id }`)} } { plans { ...F includes { ...F } } }`,
    validation,
  ],
  ['G05', 'a fragment of itself', 'fragment F on Query { ...F } { ...F }', validation],
  [
    'G05',
    'two fragments that spread each other',
    'fragment F on Plan { ...G } fragment G on Plan { includes { ...F } } { plans { ...F } }',
    validation,
  ],
  ['G05', 'a cycle that nobody spreads', 'fragment F on Query { ...F plans { id } } { plans { id } }', validation],
  [
    'G05',
    'a cycle through inline fragments',
    'fragment F on Plan { includes { ... { ...F } } } { plans { ...F } }',
    validation,
  ],
  [
    'G05',
    'a bomb of 2^20 spreads',
    `${times(20, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F20 on Query { plans { id } } { ...F0 }`,
    validation,
  ],
  [
    'G05',
    'a bomb of 10^6 fields, 6 deep',
    `${times(6, (i) => `fragment F${i} on Plan { ${times(10, () => `... { ...F${i + 1} }`)} }`)} fragment F6 on Plan { id } { plans { ...F0 } }`,
    validation,
  ],
  [
    'G05',
    '31 fragments',
    `${times(31, (i) => `fragment F${i} on Query { plans { id } }`)} { ${times(31, (i) => `...F${i}`)} }`,
    validation,
  ],
  ['G06', 'the same field 400 times', `{ plans { ${'id '.repeat(400)} } }`, validation],
  ['G06', 'the same field 11 times', `{ plans { ${'id '.repeat(11)} } }`, validation],
  ['G06', 'the same gated field 11 times', `{ ${`${body} `.repeat(11)} }`, validation],
  ['G06', 'the same alias 11 times', `{ plans { ${'a: id '.repeat(11)} } }`, validation],
  ['G06', 'fields that contradict each other', `{ ${times(11, (i) => `article(slug: "${i}") { id }`)} }`, validation],
  [
    'G06',
    '15 times 10 inline fragments',
    `{ ${times(15, () => `... { ${times(10, () => '...{id}')} }`)} }`,
    validation,
  ],
  [
    'G06',
    'inline fragments, all different',
    `{ plans { ${times(11, (i) => `... on Plan { ${['id', 'slug', 'name'][i % 3]} }`)} } }`,
    validation,
  ],
  ['G06', 'selections past the token limit', `{ ${times(200, () => `... { ${'... { a } '.repeat(4)} }`)} }`, parsing],
  ['G04', 'a flood of mistakes', `{ plans { ${times(300, (i) => `x${i}`)} } }`, validation],
])('%s: %s is refused', async (_row, _title, query, code) => {
  const answer = await app.ask(query)
  expect(answer.status).toBe(400)
  expect(answer.data).toBeUndefined()
  expect(answer.errors?.length).toBeLessThanOrEqual(6)
  expect(new Set(answer.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set([code]))
  await expectUnharmed(app, answer)
})

test.each([
  ['12 deep', `{ plans ${nested(10, '{ includes ', '{ id }')} }`],
  ['15 aliases', `{ ${times(15, (i) => `a${i}: plans { id }`)} }`],
  ['10 directives', `{ plans { ${times(10, (i) => `a${i}: id @include(if: true)`)} } }`],
  ['the same field ten times', `{ plans { ${'id '.repeat(10)} } }`],
  [
    '30 fragments',
    `${times(30, (i) => `fragment F${i} on Query { plans { id } }`)} { ${times(3, (i) => `... { ${times(10, (j) => `...F${i * 10 + j}`)} }`)} }`,
  ],
])('%s is within the limits', async (_title, query) => {
  const { status, errors } = await app.ask(query)
  expect({ status, errors }).toEqual({ status: 200, errors: undefined })
})

test.each<[string, unknown]>([
  ['ten operations', Array.from({ length: 10 }, () => ({ query: '{ plans { id } }' }))],
  ['one operation', [{ query: `{ ${body} }` }]],
  ['nothing', []],
  ['lists of operations', [[{ query: '{ plans { id } }' }]]],
  ['no operations', [null, 5, 'x']],
])('G03: a batch of %s is refused', async (_title, batch) => {
  const answer = await send(app, { body: batch })
  expect(answer.status).toBe(400)
  expect(answer.errors).toEqual([
    { message: 'Operation batching disabled.', extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) },
  ])
  await expectUnharmed(app, answer)
})

const long = (bytes: number): string => {
  const query = '{ plans { id } } #'
  return query + 'x'.repeat(bytes - query.length)
}

test.each<[string, Parameters<typeof send>[1]]>([
  ['a query of 20,001 bytes', { body: { query: long(20_001) } }],
  ['a query of 20,001 bytes in two-byte characters', { body: { query: `{ plans { id } } #${'é'.repeat(9_992)}` } }],
  [
    '(G06) 200 inline fragments of 100 fields',
    { body: { query: `{ ${times(200, () => `... { ${'a '.repeat(100)}}`)} }` } },
  ],
  ['a request of 100 kB', { body: { query: '{ plans { id } }', variables: { x: 'x'.repeat(100_000) } } }],
  [
    'a request of 100 kB without a length',
    { body: { query: '{ plans { id } }', x: 'x'.repeat(100_000) }, chunked: true },
  ],
  ['100 kB of white space', { body: `${' '.repeat(100_000)}{"query":"{ plans { id } }"}` }],
  ['100 kB that are no JSON', { body: '['.repeat(100_001) }],
  ['100 kB of another content type', { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(100_001) }],
  [
    '100 kB by a reader with a token',
    { headers: { ...json, authorization: `Bearer ${app.issuer.sign()}` }, body: 'x'.repeat(100_001) },
  ],
  [
    '2 MB by staff',
    {
      headers: { ...json, authorization: `Bearer ${app.issuer.sign({ permissions: ['write:articles'] })}` },
      body: { query: '{ plans { id } }', x: 'x'.repeat(2_000_000) },
    },
  ],
  [
    'a query of 20,001 bytes by staff',
    {
      headers: { ...json, authorization: `Bearer ${app.issuer.sign({ permissions: ['write:articles'] })}` },
      body: { query: long(20_001) },
    },
  ],
])('G10: %s is too large', async (_title, request) => {
  const answer = await send(app, request)
  expect(answer.status).toBe(413)
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  await expectUnharmed(app, answer)
})

test('G10: accepts a query just within the limit', async () => {
  const staff = `Bearer ${app.issuer.sign({ permissions: ['write:articles'] })}`
  const query = '{ plans { id } }'
  for (const request of [
    { body: { query: long(20_000) } },
    { body: { query, x: 'x'.repeat(99_900) }, chunked: true },
    { headers: { ...json, authorization: staff }, body: { query, x: 'x'.repeat(1_900_000) } },
  ]) {
    expect((await send(app, request)).status).toBe(200)
  }
})

test('G10: refuses 2 MB to an unknown path before reading them', async () => {
  const answer = await send(app, { path: '/elsewhere', body: 'x'.repeat(2_000_000) })
  expect(answer.status).toBe(404)
  await expectUnharmed(app, answer)
})

const two = 'query A { plans { id } } query B { __typename }'
test.each<[string, Record<string, unknown>]>([
  ['an unknown operation', { query: 'query A { plans { id } }', operationName: 'B' }],
  ['a name for an anonymous operation', { query: '{ plans { id } }', operationName: 'A' }],
  ['two operations, none named', { query: two }],
  ['two operations, null named', { query: two, operationName: null }],
  ['two operations, a third named', { query: two, operationName: 'C' }],
  ['the name of a fragment', { query: 'query A { ...F } fragment F on Query { __typename }', operationName: 'F' }],
  ['__proto__ as the operation', { query: two, operationName: '__proto__' }],
  ['a query of fragments only', { query: 'fragment F on Query { plans { id } }' }],
])('G16: %s cannot be resolved', async (_title, request) => {
  const answer = await send(app, { body: request })
  expect(answer.status).toBe(400)
  expect(answer.data).toBeUndefined()
  expect(['OPERATION_RESOLUTION_FAILURE', validation]).toContain(answer.errors?.[0]?.extensions.code)
  await expectUnharmed(app, answer)
})
