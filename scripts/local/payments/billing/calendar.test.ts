import { expect, test } from '@jest/globals'
import { addIntervals, periodEndAfter } from './calendar.ts'

const at = (text: string) => Date.parse(`${text}T10:00:00Z`) / 1000
const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
const every = (interval: string, interval_count = 1) => ({ interval, interval_count })

test.each([
  ['2027-01-31', every('month'), 1, '2027-02-28'],
  ['2027-01-31', every('month'), 2, '2027-03-31'],
  ['2028-01-31', every('month'), 1, '2028-02-29'],
  ['2027-03-31', every('month'), -1, '2027-02-28'],
  ['2027-11-30', every('month', 3), 1, '2028-02-29'],
  ['2028-02-29', every('year'), 1, '2029-02-28'],
  ['2028-02-29', every('year'), 4, '2032-02-29'],
  ['2027-12-24', every('week'), 2, '2028-01-07'],
  ['2027-12-31', every('day'), 1, '2028-01-01'],
])('%s and %o times %d is %s', (start, recurring, times, end) => {
  expect(day(addIntervals(at(start), recurring, times))).toBe(end)
})

test('a short month shifts no later period', () => {
  let end = at('2027-01-31')
  const ends = Array.from({ length: 5 }, () => day((end = periodEndAfter(at('2027-01-31'), end, every('month')))))
  expect(ends).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31', '2027-06-30'])
})

test('the period is found years after its anchor', () => {
  expect(day(periodEndAfter(at('2027-01-31'), at('2037-02-15'), every('month')))).toBe('2037-02-28')
  expect(day(periodEndAfter(at('2027-01-31'), at('2037-02-15'), every('year')))).toBe('2038-01-31')
  expect(day(periodEndAfter(at('2027-01-31'), at('2026-01-01'), every('year')))).toBe('2027-01-31')
})
