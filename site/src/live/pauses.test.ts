import { expect, test } from '@jest/globals'
import { checkoutReturnPause, askingPause, endPause, streamPause } from './pauses.ts'

/** All pauses, in seconds, until it stops. */
function run(pause: (tries: number) => number | null): number[] {
  const all: number[] = []
  for (let next = pause(0); next !== null; next = pause(all.length)) all.push(next / 1000)
  return all
}

test('asks with growing pauses, and stops after ten minutes', () => {
  const all = run(askingPause)
  expect(all.slice(0, 7)).toEqual([5, 10, 20, 40, 60, 60, 60])
  const total = all.reduce((sum, pause) => sum + pause, 0)
  expect(total).toBeGreaterThanOrEqual(600)
  expect(total).toBeLessThan(660)
})

test('waits a minute for the news of a payment', () => {
  expect(run(checkoutReturnPause)).toEqual([1, 2, 4, 8, 15, 30])
})

test.each([
  [1, 0, 800],
  [1, 1, 1_200],
  [2, 0.5, 2_000],
  [6, 0.5, 32_000],
  [7, 0.5, 60_000],
  [40, 0.5, 60_000],
  [5_000, 0.5, 60_000],
])('after %i failures in a row the stream is opened again after a while (%d): %i ms', (failures, share, pause) => {
  expect(streamPause(failures, share)).toBe(pause)
})

const end = '2026-03-05T10:00:00.000Z'
test.each<[now: string, tries: number, pause: number | null]>([
  ['2026-03-05T09:59:58.500Z', 0, 1_500],
  ['2026-03-05T09:59:58.500Z', 3, 1_500],
  ['2026-03-05T10:00:00.000Z', 0, 0],
  ['2026-03-05T11:00:00.000Z', 0, 0],
  ['2026-03-05T10:00:00.000Z', 1, 5_000],
  ['2026-03-05T10:00:00.000Z', 2, 10_000],
  ['2026-03-05T10:00:00.000Z', 100, null],
  // A year ahead: more than a timer can wait for.
  ['2025-03-05T10:00:00.000Z', 0, 2_147_483_647],
])('at %s, after %i tries: %s ms', (now, tries, pause) => {
  expect(endPause(end, new Date(now), tries)).toBe(pause)
})

test('what is no time is waited for by nobody', () => {
  expect(endPause('soon', new Date(), 0)).toBe(null)
})
