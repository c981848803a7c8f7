import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  execute,
  getNullableType,
  getOperationAST,
  isEnumType,
  isListType,
  isObjectType,
  parse,
  type GraphQLOutputType,
} from 'graphql'
import { anyQuery } from '../../../test/support/any-query.ts'
import { assumedLengthOf, chargeCost, costOf, pricedFields, unitsPerPoint } from './cost.ts'
import { limits } from './limits.ts'
import { buildBareSchema, buildSchema } from '../schema.ts'

const schema = buildSchema()

function cost(query: string, variables?: Record<string, unknown>): number {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  return costOf(schema, document, operation, variables)
}

test('every field with a price is in the schema', () => {
  const strange = pricedFields.filter((name) => {
    const [typeName = '', field = ''] = name.split('.')
    const type = schema.getType(typeName)
    return !isObjectType(type) || !(field in type.getFields())
  })
  expect(strange).toEqual([])
})

const list = (selection: string, first = 100) => cost(`{ articles(first: ${first}) { ${selection} } }`)

test('a list counts under each alias', () => {
  const base = list('nodes { title }')
  const walk = base - list('pageInfo { hasNextPage }')
  expect(list('nodes { title } edges { node { title } }') - base).toBeGreaterThanOrEqual(walk)
  expect(list('nodes { title } again: nodes { title }') - base).toBeCloseTo(walk)
})

test.each([
  ['a literal', 'query { articles(first: 100) { nodes { title } } }', {}],
  ['a variable', 'query ($n: Int) { articles(first: $n) { nodes { title } } }', { n: 100 }],
  ['a default of a variable', 'query ($n: Int = 100) { articles(first: $n) { nodes { title } } }', {}],
  ['an alias', 'query { first: articles(first: 100) { nodes { title } } }', {}],
  [
    'a fragment',
    'query { ...A } fragment A on Query { articles(first: 100) { nodes { ...B } } } fragment B on Article { title }',
    {},
  ],
  ['an inline fragment', 'query { ... on Query { articles(first: 100) { ... { nodes { title } } } } }', {}],
  [
    'a directive',
    'query ($yes: Boolean!) { articles(first: 100) { nodes @include(if: $yes) { title } } }',
    { yes: true },
  ],
])('the page size is read from %s', (_what, query, variables) => {
  expect(cost(query, variables)).toBeCloseTo(list('nodes { title }'))
})

test('a missing page size is the default of the schema', () => {
  expect(cost('{ articles { nodes { title } } }')).toBeCloseTo(list('nodes { title }', 20))
})

test('an invalid page size costs only its own field', () => {
  const costs = [101, 0, -1].map((first) => list('nodes { title }', first))
  expect(costs).toEqual(costs.map(() => list('pageInfo { hasNextPage }', 1)))
})

test('a field skipped by a directive costs nothing', () => {
  const query = 'query ($yes: Boolean!) { article(slug: "a") { title body @skip(if: $yes) { html } } }'
  expect(cost(query, { yes: true })).toBeLessThan(cost(query, { yes: false }) / 3)
})

test('an argument that cannot be coerced costs only its own field', () => {
  const rest = 'articles(first: 100) { nodes { title } }'
  const query = `query ($slug: String = "a") { article(slug: $slug) { title } ${rest} }`
  expect(cost(query, { slug: null })).toBeCloseTo(cost(`{ ${rest} }`))
})

test('each mutation counts', () => {
  const redeem = (count: number) =>
    cost(
      `mutation { ${Array.from({ length: count }, (_, at) => `g${at}: redeemGift(code: "x") { status }`).join(' ')} }`,
    )
  expect(redeem(3)).toBeCloseTo(3 * redeem(1))
  expect([redeem(1) > 1, redeem(15) > limits.cost]).toEqual([true, true])
})

test('nested lists multiply', () => {
  const [one, two] = ['slug', 'slug name'].map((fields) => list(`nodes { access { requiredPlans { ${fields} } } }`, 10))
  expect(((two ?? 0) - (one ?? 0)) * unitsPerPoint).toBeCloseTo(10 * assumedLengthOf('Access.requiredPlans'))
})

test('refuses an invalid argument of a directive', () => {
  const query =
    'query ($no: Boolean = true) { article(slug: "a") { title @include(if: $no) } articles { nodes { id } } }'
  expect(() => cost(query, { no: null })).toThrow('must not be null')
})

test.each([
  ['nothing for less than one point', 0.4, []],
  ['the points above the first', 7.5, [6.5]],
])('charges %s', async (_what, points, expected) => {
  const charged: number[] = []
  await chargeCost(points, {
    charge: (more) => {
      charged.push(more)
      return Promise.resolve({ allowed: true, retryAfterSeconds: 0 })
    },
  })
  expect(charged).toEqual(expected)
})

/** Returns a schema whose lists have the assumed lengths, and a counter of the resolved fields. */
function countingSchema() {
  const counting = buildBareSchema()
  const count = { fields: 0 }
  const valueOf = (type: GraphQLOutputType, rows: number): unknown => {
    const plain = getNullableType(type)
    if (isListType(plain)) return Array.from({ length: rows }, () => valueOf(plain.ofType, rows))
    if (isObjectType(plain)) return plain.name.endsWith('Connection') ? { rows } : {}
    if (isEnumType(plain)) return plain.getValues()[0]?.value
    return { Int: 1, Boolean: true, DateTime: new Date(0) }[String(plain)] ?? 'x'
  }
  for (const type of Object.values(counting.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const assumed = assumedLengthOf(`${type.name}.${field.name}`)
      field.resolve = ({ rows = assumed }: { rows?: number } = {}, { first }: { first?: number }) => {
        if (type.name !== 'PageInfo') count.fields += 1
        return valueOf(field.type, first ?? rows)
      }
    }
  }
  return { counting, count }
}

test('no query resolves more fields than it costs units', async () => {
  const { counting, count } = countingSchema()
  const values = {
    slug: '"a"',
    plan: '"a"',
    interval: 'YEARLY',
    memberId: '"a"',
    articleSlug: '"a"',
    at: '"2026-01-01T00:00:00Z"',
  }
  let most = 0
  await fc.assert(
    fc.asyncProperty(anyQuery(schema, values), fc.integer({ min: 0, max: 12 }), async ({ query }, first) => {
      // The server refuses more expensive queries. Some would resolve millions of fields.
      fc.pre(cost(query, { first }) <= limits.cost)
      count.fields = 0
      const { errors } = await execute({ schema: counting, document: parse(query), variableValues: { first } })
      expect(errors).toBeUndefined()
      expect(count.fields).toBeLessThanOrEqual(cost(query, { first }) * unitsPerPoint)
      most = Math.max(most, count.fields)
    }),
    { numRuns: 150 },
  )
  // Proves that the generated queries are not trivial.
  expect(most).toBeGreaterThan(500)
})
