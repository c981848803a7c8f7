import { expect, test } from '@jest/globals'
import { readInstant } from './read-instant.ts'

test.each([
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2026-11-01T12:00Z', '2026-11-01T12:00:00.000Z'],
  ['2026-11-21T12:00:00.001Z', '2026-11-21T12:00:00.001Z'],
  ['2027-01-01T00:30:00+02:00', '2026-12-31T22:30:00.000Z'],
  ['2026-12-31T18:30:00-05:30', '2027-01-01T00:00:00.000Z'],
])('D02 reads %s as %s', (text, at) => {
  expect(readInstant(text)?.toISOString()).toBe(at)
})

// One is a leap second, which neither JavaScript nor PostgreSQL can represent.
test.each([
  '',
  'tomorrow',
  '2027-02-29',
  '2026-02-30T12:00:00Z',
  '2027-13-01',
  '2016-12-31T23:59:60Z',
  '2027-01-01T12:00',
  '2027-01-01 12:00:00Z',
  '1790000000',
  '20270101',
])('D02 does not read %j', (text) => {
  expect(readInstant(text)).toBeNull()
})
