import { expect, test } from '@jest/globals'
import { intervalNamed, intervalOfRecurrence, intervals, periodEndAfter, recurrenceOf } from './interval.ts'

test.each([
  // from                      a month later               a year later
  ['2026-11-16T12:00:00.123Z', '2026-12-16T12:00:00.123Z', '2027-11-16T12:00:00.123Z'],
  ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z', '2027-12-31T23:59:59.999Z'],
  ['2027-01-31T00:00:00.000Z', '2027-02-28T00:00:00.000Z', '2028-01-31T00:00:00.000Z'],
  ['2028-01-30T06:00:00.000Z', '2028-02-29T06:00:00.000Z', '2029-01-30T06:00:00.000Z'],
  ['2028-02-29T06:00:00.000Z', '2028-03-29T06:00:00.000Z', '2029-02-28T06:00:00.000Z'],
  ['2027-05-31T06:00:00.000Z', '2027-06-30T06:00:00.000Z', '2028-05-31T06:00:00.000Z'],
  // Daylight saving time starts in between, which does not affect UTC.
  ['2027-03-14T01:30:00.000Z', '2027-04-14T01:30:00.000Z', '2028-03-14T01:30:00.000Z'],
])('D02 %s', (start, month, year) => {
  expect(periodEndAfter(new Date(start), 'MONTHLY').toISOString()).toBe(month)
  expect(periodEndAfter(new Date(start), 'YEARLY').toISOString()).toBe(year)
})

test.each(intervals)('%s is found by its recurrence and by its name', (interval) => {
  const { interval: unit, interval_count: count } = recurrenceOf(interval)
  expect(intervalOfRecurrence(unit, count)).toBe(interval)
  expect(intervalNamed(interval)).toBe(interval)
})

test.each([
  ['month', 3],
  ['week', 1],
  ['month', undefined],
  [undefined, undefined],
])('%s times %s is no interval', (unit, count) => {
  expect(intervalOfRecurrence(unit, count)).toBeUndefined()
})

test.each([undefined, 'monthly', 'toString', ''])('%j names no interval', (name) => {
  expect(intervalNamed(name)).toBeUndefined()
})
