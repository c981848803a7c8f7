import { expect, test } from '@jest/globals'
import Stripe from 'stripe'
import { createBudget, createHttpClient } from './http-client.ts'
import { billingFailure } from './failures.ts'

type Base = Parameters<typeof createHttpClient>[0]
type Answer = Awaited<ReturnType<Base['makeRequest']>>

function httpAnswer(status: number, body: unknown = { id: 'cus_1' }, headers: Record<string, string> = {}): Answer {
  return {
    getStatusCode: () => status,
    getHeaders: () => headers,
    getRawResponse: () => ({}),
    toStream: () => undefined,
    toJSON: () => (body === 'never' ? new Promise(() => undefined) : Promise.resolve(body)),
  }
}

type Step = number | 'reset' | 'refused' | 'silent' | Answer

/** Creates a client over a simulated network with one step for each attempt. The last step repeats. */
function over(steps: readonly Step[], milliseconds: number) {
  const keys: unknown[] = []
  const base: Base = {
    getClientName: () => 'test',
    makeRequest: (_host, _port, _path, _method, headers) => {
      keys.push((headers as Record<string, unknown>)['Idempotency-Key'])
      const step = steps[Math.min(keys.length, steps.length) - 1]
      if (step === 'silent') return new Promise(() => undefined)
      if (step === 'reset') return Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
      if (step === 'refused') return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
      return Promise.resolve(typeof step === 'number' ? httpAnswer(step) : (step as Answer))
    },
  }
  const httpClient = createHttpClient(base, createBudget(milliseconds))
  const stripe = new Stripe('sk_test_x', { httpClient, maxNetworkRetries: 0, telemetry: false })
  const ask = async () => stripe.customers.create({ name: 'x' })
  return { ask, tries: () => keys.length, keys }
}
const outage = async (asked: Promise<unknown>) => {
  const failure = await asked.then(
    () => 'answered',
    (error: unknown) => billingFailure(error),
  )
  expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
}

test.each<[string, Step[]]>([
  ['a reset', ['reset', 200]],
  ['a refusal', ['refused', 'reset', 200]],
  ['an error of the provider', [500, 200]],
  ['the same request under way', [409, 409, 200]],
  ['advice to try again', [httpAnswer(400, {}, { 'stripe-should-retry': 'true' }), 200]],
])('retries after %s with the same idempotency key', async (_title, steps) => {
  const { ask, tries, keys } = over(steps, 60_000)
  await expect(ask()).resolves.toMatchObject({ id: 'cus_1' })
  expect(tries()).toBe(steps.length)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toEqual(expect.any(String))
})

test('does not retry if the provider advises against it', async () => {
  const { ask, tries } = over([httpAnswer(500, { error: {} }, { 'stripe-should-retry': 'false' }), 200], 60_000)
  await outage(ask())
  expect(tries()).toBe(1)
})

test('gives up after a few retries', async () => {
  const { ask, tries } = over(['reset'], 60_000)
  await outage(ask())
  expect(tries()).toBe(4)
})

test.each<[string, Step]>([
  ['that is silent', 'silent'],
  ['whose body does not end', httpAnswer(200, 'never')],
])('a provider %s uses up the budget, and no request follows', async (_title, step) => {
  const { ask, tries } = over([step], 30)
  await outage(ask())
  expect(tries()).toBe(1)
  await outage(ask())
  expect(tries()).toBe(1)
})

test('fails at once if the pause would outlast the budget', async () => {
  const { ask, tries } = over(['reset'], 100)
  await outage(ask())
  expect(tries()).toBe(1)
})

test('a budget starts at its first use and covers all requests', () => {
  const { left } = createBudget(1_000)
  const first = left()
  expect(first).toBeLessThanOrEqual(1_000)
  expect(first).toBeGreaterThan(0)
  expect(left()).toBeLessThanOrEqual(first)
})
