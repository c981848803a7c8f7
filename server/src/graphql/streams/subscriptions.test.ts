import { makeExecutableSchema } from '@graphql-tools/schema'
import { describe, expect, test } from '@jest/globals'
import { parse, subscribe, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { CodedError } from '../../lib/errors.ts'
import { allow, deny, rule, type AnyRule, type RuleMap } from '../../lib/shield.ts'
import { guardSchema } from '../permissions.ts'
import { guardSubscriptions } from './subscriptions.ts'

// Every subscription field has a rule, which is evaluated when a stream opens and before each event.

const typeDefs = `
  type Query { open: String }
  type Subscription { news: String weather: String! }
`
const events = (name: string) => ({
  subscribe: async function* () {
    yield* [{ [name]: 'first' }, { [name]: 'second' }]
  },
})
const bare = (subscriptions: object = { news: events('news'), weather: events('weather') }): GraphQLSchema =>
  makeExecutableSchema({ typeDefs, resolvers: { Query: { open: () => 'open' }, Subscription: subscriptions } })
const query = { Query: { open: allow } }

function problemsOf(schema: GraphQLSchema, ...maps: RuleMap[]): readonly string[] {
  try {
    guardSchema(schema, maps)
  } catch (error) {
    return (error as { fields: readonly string[] }).fields
  }
  return []
}

describe('at the start', () => {
  test.each<[string, RuleMap[], string[]]>([
    ['complete rules', [query, { Subscription: { news: deny, weather: allow } }], []],
    ['no rule', [query, { Subscription: { news: deny } }], ['Subscription.weather: has no rule']],
    ['no rules at all', [query], ['Subscription.news: has no rule', 'Subscription.weather: has no rule']],
    [
      'two rules',
      [query, { Subscription: { news: deny, weather: allow } }, { Subscription: { news: allow } }],
      ['Subscription.news: has two rules'],
    ],
    [
      'a gated non-null field',
      [query, { Subscription: { news: allow, weather: deny } }],
      ['Subscription.weather: has a rule and is non-null; a refusal would make its parent null'],
    ],
    [
      'a rule for an unknown field',
      [query, { Subscription: { news: allow, weather: allow, sport: deny } }],
      ['Subscription.sport: has a rule and does not exist'],
    ],
  ])('%s', (_title, maps, expected) => {
    expect(problemsOf(bare(), ...maps)).toEqual(expected)
  })

  test('a field without a subscribe function is named', () => {
    const rules = { Subscription: { news: allow, weather: allow } }
    expect(problemsOf(bare({ news: events('news') }), query, rules)).toEqual(['Subscription.weather: has no subscribe'])
  })

  test.each<[string, object, RuleMap]>([
    ['without a rule', { news: events('news') }, { Subscription: {} }],
    ['without a subscribe function', {}, { Subscription: { news: allow } }],
  ])('guardSubscriptions refuses a field %s', (_title, subscriptions, rules) => {
    expect(() => guardSubscriptions(bare(subscriptions), rules)).toThrow(
      new TypeError('Subscription.news cannot be guarded'),
    )
  })

  test('the original schema is not changed', () => {
    const before = bare()
    const { subscribe: own } = before.getSubscriptionType()?.getFields().news ?? {}
    const after = guardSchema(before, [query, { Subscription: { news: deny, weather: allow } }])
    expect(before.getSubscriptionType()?.getFields().news?.subscribe).toBe(own)
    expect(after.getSubscriptionType()?.getFields().news?.subscribe).not.toBe(own)
  })
})

describe('in a subscription', () => {
  /** Subscribes to `news` with a rule and returns each response, or the refusal. */
  async function follow(news: AnyRule): Promise<unknown[]> {
    const schema = guardSchema(bare(), [query, { Subscription: { news, weather: allow } }])
    const result = await subscribe({ schema, document: parse('subscription { news }'), contextValue: {} })
    if (!(Symbol.asyncIterator in result)) return [codesOf(result)]
    const seen: unknown[] = []
    for await (const answer of result) seen.push(answer.errors ? codesOf(answer) : answer.data?.news)
    return seen
  }
  const codesOf = ({ errors }: ExecutionResult) => errors?.map(({ message, extensions }) => extensions.code ?? message)

  test('an open field sends its events', async () => {
    expect(await follow(allow)).toEqual(['first', 'second'])
  })

  test.each<[string, AnyRule, string]>([
    ['refuses with a code', rule('coded')(() => new CodedError('UNAUTHENTICATED', 'Sign in.')), 'UNAUTHENTICATED'],
    ['returns false', rule('no')(() => false), 'FORBIDDEN'],
    ['returns a text', rule('text')(() => 'no'), 'no'],
    ['returns nothing', rule('nothing')(() => undefined as unknown as boolean), 'FORBIDDEN'],
    ['throws', rule('throws')(() => Promise.reject(new Error('broken'))), 'FORBIDDEN'],
    ['is deny', deny, 'FORBIDDEN'],
  ])('a rule that %s denies', async (_title, refusing, code) => {
    expect(await follow(refusing)).toEqual([[code]])
  })

  test('a rule that denies later refuses the next event', async () => {
    let checks = 0
    const first = rule('first')(() => (checks += 1) <= 2 || new CodedError('ACCOUNT_DISABLED', 'Disabled.'))
    expect(await follow(first)).toEqual(['first', ['ACCOUNT_DISABLED']])
  })
})
