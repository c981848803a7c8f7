import { expect, test } from '@jest/globals'
import type { Redis } from 'ioredis'
import { LocalStore, SharedStore } from './rate-limit-store.ts'

const bucket = { perMinute: 60, burst: 3 }

/** Creates a shared store over a Redis that answers each charge with `answer`, and counts the calls. */
function storeOver(answer: () => unknown) {
  const asked = { times: 0, fallbacks: 0 }
  const redis = {
    defineCommand: () => undefined,
    gatepostCharge: async () => {
      asked.times += 1
      return answer()
    },
  }
  const store = new SharedStore(new LocalStore(() => 0), redis as unknown as Redis, () => (asked.fallbacks += 1))
  const allowed = async (times: number) => {
    let count = 0
    for (let index = 0; index < times; index += 1) if ((await store.charge('jo', bucket, 1)).allowed) count += 1
    return count
  }
  return { asked, allowed, store }
}

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', -1],
  ['a text', 'allowed'],
  ['an empty list', []],
  ['that the stored value is invalid', ['nonsense', '0']],
  ['an unknown word', ['perhaps', '0.000']],
  ['a number where a text belongs', ['allowed', 0]],
  ['a negative state', ['allowed', '-5000.000']],
  ['a state that is not a number', ['allowed', 'NaN']],
  ['an endless state', ['refused', 'inf']],
  ['a state in another notation', ['refused', '1e5']],
  ['a state beyond any debt', ['refused', '99999999.000']],
  ['a refusal of a full bucket', ['refused', '0.000']],
])('when Redis answers %s, the count of this process decides', async (_title, answer) => {
  const { asked, allowed } = storeOver(() => answer)
  expect(await allowed(5)).toBe(3)
  expect(asked).toEqual({ times: 3, fallbacks: 3 })
})

test('when Redis fails, the count of this process decides', async () => {
  const { asked, allowed } = storeOver(() => {
    throw new Error('away')
  })
  expect(await allowed(5)).toBe(3)
  expect(asked.fallbacks).toBe(3)
})

test('a Redis that allows everything does not raise the limit', async () => {
  const { asked, allowed } = storeOver(() => ['allowed', '0.000'])
  expect(await allowed(5)).toBe(3)
  expect(asked).toEqual({ times: 3, fallbacks: 0 })
})

test('a charge is refused if all processes together have spent the limit', async () => {
  const { allowed, store } = storeOver(() => ['refused', '2500.000'])
  expect(await allowed(2)).toBe(0)
  expect(await store.charge('al', bucket, 1)).toEqual({ allowed: false, msUntilFull: 2_500 })
})

test('callers have separate buckets that refill', () => {
  let now = 0
  const local = new LocalStore(() => now)
  const take = (key: string) => local.charge(key, bucket, 1).allowed
  expect([take('a'), take('a'), take('a'), take('a'), take('b')]).toEqual([true, true, true, false, true])
  now = 1_000
  expect([take('a'), take('a')]).toEqual([true, false])
})

test('a clock that is set back refuses for at most the longest overdraft', () => {
  let now = 3_600_000
  const local = new LocalStore(() => now)
  const take = () => local.charge('a', bucket, 1).allowed
  for (let index = 0; index < 4; index += 1) take()
  now = 0
  expect(take()).toBe(false)
  now = 61_000
  expect(take()).toBe(true)
})
