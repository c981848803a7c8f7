import { expect, test } from '@jest/globals'
import { execute, GraphQLError, parse, validate, type ExecutionResult } from 'graphql'
import { withoutSchemaDetails } from './coercion-messages.ts'
import { buildBareSchema } from '../schema.ts'

// graphql-js creates each message, so a new wording in a new version fails here.

const schema = buildBareSchema()

function messagesOf(source: string, variableValues?: Record<string, unknown>): string[] {
  const document = parse(source)
  const faults = validate(schema, document)
  const { errors = [] } =
    faults.length > 0 ? { errors: faults } : (execute({ schema, document, variableValues }) as ExecutionResult)
  return errors.map(({ message }) => message)
}

const change = (interval: string) => `{ planChange(plan: "a", interval: ${interval}) { at } }`
const byVariable = 'query ($i: BillingInterval!) { planChange(plan: "a", interval: $i) { at } }'
const list = 'query ($n: Int) { articles(first: $n) { nodes { id } } }'
const another = '"$i" has a value of the wrong type.'

test.each<[string, string, Record<string, unknown> | undefined, string]>([
  ['an enum literal', change('MONTLY'), undefined, 'A value has the wrong type.'],
  ['an enum as text', change('"MONTHLY"'), undefined, 'A value has the wrong type.'],
  ['an enum as number', change('7'), undefined, 'A value has the wrong type.'],
  ['an enum as list', change('[MONTHLY]'), undefined, 'A value has the wrong type.'],
  ['an enum as object', change('{ MONTHLY: 1 }'), undefined, 'A value has the wrong type.'],
  [
    'an enum default',
    'query ($i: BillingInterval = MONTLY) { planChange(plan: "a", interval: $i) { at } }',
    undefined,
    'A value has the wrong type.',
  ],
  ['an enum variable', byVariable, { i: 'MONTLY' }, `Variable ${another}`],
  ['an enum variable in small letters', byVariable, { i: 'monthly' }, `Variable ${another}`],
  ['an enum variable as number', byVariable, { i: 7 }, `Variable ${another}`],
  ['an enum variable with a line break', byVariable, { i: 'MONTHLY\n"; Did you' }, `Variable ${another}`],
  ['a required variable', byVariable, {}, 'Variable "$i" is required.'],
  ['a variable that is null', byVariable, { i: null }, 'Variable "$i" must not be null.'],
  ['a number literal', '{ articles(first: "x") { nodes { id } } }', undefined, 'A value has the wrong type.'],
  ['a number variable', list, { n: 'x' }, 'Variable "$n" has a value of the wrong type.'],
  ['a number too large', list, { n: 1e12 }, 'Variable "$n" has a value of the wrong type.'],
  [
    'an instant',
    '{ whyAccess(memberId: "a", articleSlug: "a", at: "soon") { at } }',
    undefined,
    'A value has the wrong type.',
  ],
  [
    'an instant as variable',
    'query ($t: DateTime!) { whyAccess(memberId: "a", articleSlug: "a", at: $t) { at } }',
    { t: 'soon' },
    'Variable "$t" has a value of the wrong type.',
  ],
  [
    'a directive',
    'query ($b: Boolean = true) { plans @include(if: $b) { id } }',
    { b: null },
    'Argument "if" must not be null.',
  ],
  [
    'an argument',
    'query ($s: String = "a") { article(slug: $s) { id } }',
    { s: null },
    'Argument "slug" must not be null.',
  ],
  ['a variable of an output type', 'query ($v: Viewer) { plans { id } }', {}, 'Variable "$v" is never used'],
])('%s: the message does not reveal the schema', (_title, source, variables, wanted) => {
  const raw = messagesOf(source, variables)
  const rewritten = raw.map(withoutSchemaDetails)
  expect(rewritten.some((message) => message.startsWith(wanted))).toBe(true)
  expect(rewritten.join()).not.toMatch(/Did you mean|MONTHLY|BillingInterval!?"|DateTime|Int /)
})

test('removes only the suggestion for a misspelt field', () => {
  const [message = ''] = messagesOf('{ planz { id } }')
  expect(message).toBe('Cannot query field "planz" on type "Query". Did you mean "plans" or "ping"?')
  expect(withoutSchemaDetails(message)).toBe('Cannot query field "planz" on type "Query".')
})

test.each([
  'Variable "$x" is not defined by operation "Q".',
  'Syntax Error: Expected Name, found "}".',
  'Unknown operation named "x".',
  'first must be a number from 1 to 100.',
])('does not change: %s', (message) => {
  expect(withoutSchemaDetails(new GraphQLError(message).message)).toBe(message)
})

test('takes linear time for a name that repeats the suggestion', () => {
  const cpuOf = (times: number): number => {
    const message = `Unknown operation named "${' Did you mean '.repeat(times)}".`
    const begun = process.cpuUsage()
    for (let round = 0; round < 20; round += 1) expect(withoutSchemaDetails(message)).toBe(message)
    const { user, system } = process.cpuUsage(begun)
    return user + system
  }
  cpuOf(2_000)
  // Quadratic work would be sixteen times as much.
  expect(cpuOf(8_000)).toBeLessThan(10 * cpuOf(2_000) + 20_000)
})
