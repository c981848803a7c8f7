import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bucketOf, charge, longestFillMs, msUntilAllowed, remainingPoints, type Bucket } from './token-bucket.ts'

const sixty: Bucket = { perMinute: 60, burst: 10 }

/** Makes charges of [milliseconds since the previous charge, points]. Returns whether each was allowed. */
function spend(bucket: Bucket, charges: readonly (readonly [number, number])[]): boolean[] {
  let msUntilFull = 0
  return charges.map(([passed, points]) => {
    const charged = charge(bucket, msUntilFull - passed, points)
    msUntilFull = charged.msUntilFull
    return charged.allowed
  })
}
const times = (count: number, passed = 0): [number, number][] => Array.from({ length: count }, () => [passed, 1])

test.each([
  [1, 1],
  [5, 5],
  [30, 30],
  [60, 30],
  [300, 30],
  [1_200, 120],
  [6_000, 600],
  [1_000_000, 100_000],
])('a limit of %d a minute has a burst of %d', (perMinute, burst) => {
  expect(bucketOf(perMinute)).toEqual({ perMinute, burst })
})

test('a burst is allowed at once, and no more', () => {
  expect(spend(sixty, times(12))).toEqual([...Array(10).fill(true), false, false])
})

test('points are refilled one by one, not all at the end of a minute', () => {
  expect(spend(sixty, [...times(10), [999, 1], [1, 1], [0, 1], [2_000, 1], [0, 1], [0, 1]])).toEqual([
    ...Array(10).fill(true),
    ...[false, true, false, true, true, false],
  ])
})

test('a refused charge costs nothing', () => {
  expect(spend(sixty, [...times(500), [1_000, 1]]).at(-1)).toBe(true)
})

test('a charge over the burst needs a full bucket and overdraws it', () => {
  expect(
    spend(sixty, [
      [0, 1],
      [0, 30],
    ]),
  ).toEqual([true, false])
  expect(
    spend(sixty, [
      [0, 30],
      [20_000, 1],
      [1_000, 1],
    ]),
  ).toEqual([true, false, true])
})

test('an overdraft ends after one minute and the burst', () => {
  const { msUntilFull } = charge(sixty, 0, 1_000_000)
  expect([msUntilFull, longestFillMs(sixty)]).toEqual([70_000, 70_000])
  expect(charge(sixty, msUntilFull - 60_999, 1).allowed).toBe(false)
  expect(charge(sixty, msUntilFull - 61_000, 1).allowed).toBe(true)
})

test.each([[-1e300], [-1], [1e300], [Infinity]])('a state of %p is clamped to the possible range', (state) => {
  expect(charge(sixty, state, 1).msUntilFull).toBe(state < 0 ? 1_000 : 70_000)
})

const bucket = fc.integer({ min: 1, max: 1_000_000 }).map(bucketOf)
const charges = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 9 })), {
  maxLength: 60,
})

test('never allows more points than the burst and the refill of the time', () => {
  fc.assert(
    fc.property(bucket, charges, (limit, list) => {
      const small = list.map(([passed, points]) => [passed, Math.min(points, limit.burst)] as const)
      const allowed = spend(limit, small)
      let worst = -Infinity
      for (let from = 0; from < small.length; from += 1) {
        let spent = 0
        let span = 0
        for (const [index, [passed, points]] of small.entries()) {
          if (index < from) continue
          if (index > from) span += passed
          if (allowed[index]) spent += points
          worst = Math.max(worst, spent - limit.burst - (span * limit.perMinute) / 60_000)
        }
      }
      expect(worst).toBeLessThanOrEqual(0.01)
    }),
  )
})

test('the wait of a refusal is exactly long enough', () => {
  fc.assert(
    fc.property(
      bucket,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 500 }),
      (limit, part, points) => {
        const state = part * longestFillMs(limit)
        const wait = msUntilAllowed(limit, state, points)
        expect(charge(limit, state, points).allowed).toBe(wait <= 0.001)
        expect(charge(limit, state - Math.max(0, wait), points).allowed).toBe(true)
      },
    ),
  )
})

test('the remaining points can be spent, and one more cannot', () => {
  fc.assert(
    fc.property(bucket, fc.double({ min: 0, max: 1, noNaN: true }), (limit, part) => {
      const state = part * longestFillMs(limit)
      const remaining = remainingPoints(limit, state)
      if (remaining > 0) expect(charge(limit, state, remaining).allowed).toBe(true)
      if (remaining < limit.burst) expect(charge(limit, state, remaining + 1).allowed).toBe(false)
    }),
  )
})
