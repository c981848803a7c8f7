import { makeExecutableSchema } from '@graphql-tools/schema'
import { describe, expect, test } from '@jest/globals'
import { defaultFieldResolver, graphql, isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql'
import { allow, deny, rule, type AnyRule, type RuleMap } from '../lib/shield.ts'
import { CodedError } from '../lib/errors.ts'
import { guardSchema, refuseBare, UnguardedError } from './permissions.ts'
import { buildBareSchema, buildSchema } from './schema.ts'

const typeDefs = `
  type Query { open: String! shut: String named(name: String): Named thing: Thing }
  interface Named { name: String! }
  type Thing implements Named { name: String! secret: String }
  union Either = Thing | Other
  type Other { either: Either }
`
const resolvers = {
  Query: { open: () => 'open', shut: () => 'shut', thing: () => ({ name: 'thing', secret: 'secret' }) },
  Named: { __resolveType: () => 'Thing' },
  Either: { __resolveType: () => 'Thing' },
}
const bare = (): GraphQLSchema => makeExecutableSchema({ typeDefs, resolvers })
const refuse = rule('refuse')(() => new CodedError('FORBIDDEN', 'Not you.'))
const complete = {
  Query: { open: allow, shut: refuse, named: allow, thing: allow },
  Thing: { name: allow, secret: refuse },
  Other: { either: allow },
} satisfies RuleMap

function problemsOf(...maps: unknown[]): readonly string[] {
  try {
    guardSchema(bare(), maps as RuleMap[])
  } catch (error) {
    if (error instanceof UnguardedError) return error.fields
    throw error
  }
  return []
}

describe('at the start', () => {
  const { open: _open, ...queryWithoutOpen } = complete.Query
  const twisted = { ...complete, Thing: { ...complete.Thing, secret: undefined } }

  test.each([
    ['complete rules', [complete], []],
    ['rules of several rooms', [{ Query: complete.Query }, { Thing: complete.Thing }, { Other: complete.Other }], []],
    ['fields of one type in several rooms', [{ ...complete, Query: queryWithoutOpen }, { Query: { open: allow } }], []],
    ['a missing rule', [{ ...complete, Query: queryWithoutOpen }], ['Query.open: has no rule']],
    ['a missing type', [{ ...complete, Thing: {} }], ['Thing.name: has no rule', 'Thing.secret: has no rule']],
    ['an undefined rule', [twisted], ['Thing.secret: has no rule']],
    ['a null rule', [{ ...complete, Other: { either: null } }], ['Other.either: has no rule']],
    ['true for a rule', [{ ...complete, Other: { either: true } }], ['Other.either: has no rule']],
    ['a function for a rule', [{ ...complete, Other: { either: () => true } }], ['Other.either: has no rule']],
    ['an object for a rule', [{ ...complete, Other: { either: {} } }], ['Other.either: has no rule']],
    [
      'a wildcard for a type’s fields',
      [{ ...complete, Thing: { '*': refuse } }],
      ['Thing.name: has no rule', 'Thing.secret: has no rule', 'Thing.*: has a rule and does not exist'],
    ],
    ['a wildcard for all types', [{ ...complete, '*': { name: refuse } }], ['*.name: has a rule and does not exist']],
    [
      'a rule on an interface',
      [{ ...complete, Named: { name: refuse } }],
      [
        'Named: rules on an interface or a union have no effect; add rules to its types',
        'Named.name: has a rule and does not exist',
      ],
    ],
    [
      'a rule on a union',
      [{ ...complete, Either: { name: refuse } }],
      [
        'Either: rules on an interface or a union have no effect; add rules to its types',
        'Either.name: has a rule and does not exist',
      ],
    ],
    [
      'a rule for an unknown field',
      [{ ...complete, Other: { ...complete.Other, ether: refuse } }],
      ['Other.ether: has a rule and does not exist'],
    ],
    [
      'a rule for an unknown type',
      [{ ...complete, Nobody: { name: allow } }],
      ['Nobody.name: has a rule and does not exist'],
    ],
    ['two rules for a field', [complete, { Query: { open: refuse } }], ['Query.open: has two rules']],
    ['the same rule twice', [complete, { Query: { open: allow } }], ['Query.open: has two rules']],
    [
      'a gated non-null field',
      [{ ...complete, Query: { ...complete.Query, open: refuse } }],
      ['Query.open: has a rule and is non-null; a refusal would make its parent null'],
    ],
    [
      'a non-null field closed to all',
      [{ ...complete, Thing: { ...complete.Thing, name: deny } }],
      ['Thing.name: has a rule and is non-null; a refusal would make its parent null'],
    ],
  ])('%s', (_name, maps, expected) => {
    expect(problemsOf(...maps)).toEqual(expected)
  })

  test('all problems are named', () => {
    expect(() => guardSchema(bare(), [])).toThrow(
      new UnguardedError(
        ['Query.open', 'Query.shut', 'Query.named', 'Query.thing', 'Thing.name', 'Thing.secret', 'Other.either'].map(
          (field) => `${field}: has no rule`,
        ),
      ),
    )
  })

  test('a resolver that was not wrapped is detected', () => {
    const [before, after] = [bare(), guardSchema(bare(), [complete])]
    const unwrapped = (...fields: string[]) =>
      new UnguardedError(fields.map((field) => `${field}: its rule was not applied`))
    expect(() => refuseBare(before, after, complete)).not.toThrow()
    expect(() => refuseBare(before, before, complete)).toThrow(unwrapped('Query.shut', 'Thing.secret'))
    // graphql-shield sets the default resolver on a field for which it has no guard.
    const shut = after.getQueryType()?.getFields().shut
    if (shut) shut.resolve = defaultFieldResolver
    expect(() => refuseBare(before, after, complete)).toThrow(unwrapped('Query.shut'))
  })
})

describe('in a query', () => {
  const ask = async (source: string, rules: RuleMap = complete) =>
    graphql({ schema: guardSchema(bare(), [rules]), source, contextValue: {} })

  test('a refused field is null, the rest is served', async () => {
    const { data, errors } = await ask('{ open shut thing { name secret } }')
    expect(data).toEqual({ open: 'open', shut: null, thing: { name: 'thing', secret: null } })
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['shut', 'FORBIDDEN'],
      ['thing.secret', 'FORBIDDEN'],
    ])
  })

  test.each<[string, AnyRule]>([
    ['throws', rule('throws')(() => Promise.reject(new Error('broken')))],
    ['returns false', rule('no')(() => false)],
    ['returns a text', rule('text')(() => 'no')],
    ['is deny', deny],
  ])('a rule that %s denies', async (_name, broken) => {
    const { data, errors } = await ask('{ shut open }', { ...complete, Query: { ...complete.Query, shut: broken } })
    expect(data).toEqual({ open: 'open', shut: null })
    expect(errors).toHaveLength(1)
  })

  test.each([undefined, null, 0, '', {}, 1])('a rule that returns %p denies', async (verdict) => {
    const odd = rule('odd')(() => verdict as boolean)
    const { data } = await ask('{ shut }', { ...complete, Query: { ...complete.Query, shut: odd } })
    expect(data).toEqual({ shut: null })
  })
})

test.each([
  ['a coded error', new CodedError('NOT_FOUND', 'There is none.'), 'There is none.', 'NOT_FOUND'],
  ['another error', new TypeError('broken'), 'broken', undefined],
  ['a value that is not an error', 'a text', 'You may not read this.', 'FORBIDDEN'],
])('a gated resolver can throw %s', async (_what, thrown, message, code) => {
  const schema = makeExecutableSchema({
    typeDefs: 'type Query { shut: String }',
    resolvers: { Query: { shut: () => Promise.reject(thrown as Error) } },
  })
  const guarded = guardSchema(schema, [{ Query: { shut: rule('yes')(() => true) } }])
  const { data, errors } = await graphql({ schema: guarded, source: '{ shut }', contextValue: {} })
  expect(data).toEqual({ shut: null })
  expect(errors?.map((error) => [error.message, error.extensions.code])).toEqual([[message, code]])
})

test('every field of the schema has a rule', () => {
  expect(() => buildSchema()).not.toThrow()
})

test('the loss of any single rule is detected', () => {
  const schema = buildBareSchema()
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type)
      ? Object.keys(type.getFields()).map((field): [string, string] => [type.name, field])
      : [],
  )
  expect(fields.length).toBeGreaterThan(60)
  for (const [missing, field] of fields) {
    const rules: Record<string, Record<string, AnyRule>> = {}
    for (const [type, name] of fields) {
      if (type !== missing || name !== field) (rules[type] ??= {})[name] = allow
    }
    expect(() => guardSchema(schema, [rules])).toThrow(new UnguardedError([`${missing}.${field}: has no rule`]))
  }
})
