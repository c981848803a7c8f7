import { expect, test } from '@jest/globals'
import { dayOf, durationOf } from './dates.ts'

test.each([
  ['2026-01-31T00:00:00.000Z', '31 January 2026'],
  ['2026-01-31T23:59:59.999Z', '31 January 2026'],
  // In other time zones it is another day, but the built page and the browser must agree.
  ['2026-01-31T23:30:00.000-05:00', '1 February 2026'],
  ['2026-02-01T00:30:00.000+10:00', '31 January 2026'],
  ['2024-02-29T12:00:00.000Z', '29 February 2024'],
])('%s is the day %s', (instant, day) => {
  expect(dayOf(instant)).toBe(day)
})

test.each([
  [0, '0:00:00'],
  [59.9, '0:00:59'],
  [60, '0:01:00'],
  [3_599, '0:59:59'],
  [3_600, '1:00:00'],
  [86_400, '24:00:00'],
  [-5, '0:00:00'],
])('%d seconds are %s', (seconds, duration) => {
  expect(durationOf(seconds)).toBe(duration)
})
