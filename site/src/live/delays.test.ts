import { expect, test } from '@jest/globals'
import { endDelay, expectedChangeDelay, pollDelay, reconnectDelay, retryDelay } from './delays.ts'

/** Returns all delays in seconds, until there is none. */
function run(delay: (tries: number) => number | null): number[] {
  const all: number[] = []
  for (let next = delay(0); next !== null; next = delay(all.length)) all.push(next / 1000)
  return all
}

test('polls with growing delays, and stops after ten minutes', () => {
  const all = run(pollDelay)
  expect(all.slice(0, 7)).toEqual([5, 10, 20, 40, 60, 60, 60])
  const total = all.reduce((sum, delay) => sum + delay, 0)
  expect(total).toBeGreaterThanOrEqual(600)
  expect(total).toBeLessThan(660)
})

test('checks for a minute for a change that is expected', () => {
  expect(run(expectedChangeDelay)).toEqual([1, 2, 4, 8, 15, 30])
})

test.each([
  [1, 0, 800],
  [1, 1, 1_200],
  [2, 0.5, 2_000],
  [6, 0.5, 32_000],
  [7, 0.5, 60_000],
  [40, 0.5, 60_000],
  [5_000, 0.5, 60_000],
])('after %i failures in a row (random %d) the stream is opened again in %i ms', (failures, random, delay) => {
  expect(reconnectDelay(failures, random)).toBe(delay)
})

test.each([
  [0, 0, 1_600],
  [0, 1, 2_400],
  [1, 0.5, 4_000],
  [4, 0.5, 32_000],
  [5, 0.5, 60_000],
  [5_000, 0.5, 60_000],
])('after %i retries (random %d) a failed query is repeated in %i ms', (retries, random, delay) => {
  expect(retryDelay(retries, random)).toBe(delay)
})

const end = '2026-03-05T10:00:00.000Z'
test.each<[now: string, tries: number, delay: number | null]>([
  ['2026-03-05T09:59:58.500Z', 0, 1_500],
  ['2026-03-05T09:59:58.500Z', 3, 1_500],
  ['2026-03-05T10:00:00.000Z', 0, 0],
  ['2026-03-05T11:00:00.000Z', 0, 0],
  ['2026-03-05T10:00:00.000Z', 1, 5_000],
  ['2026-03-05T10:00:00.000Z', 2, 10_000],
  ['2026-03-05T10:00:00.000Z', 100, null],
  ['2025-03-05T10:00:00.000Z', 0, 31_536_000_000],
])('at %s, after %i tries: %s ms', (now, tries, delay) => {
  expect(endDelay(end, new Date(now), tries)).toBe(delay)
})

test('text that is no instant has no delay', () => {
  expect(endDelay('soon', new Date(), 0)).toBe(null)
})
