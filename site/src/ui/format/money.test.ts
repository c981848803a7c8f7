import { expect, test } from '@jest/globals'
import { priceOf } from './money.ts'

test.each([
  [500, 'EUR', '€5'],
  [590, 'EUR', '€5.90'],
  [5, 'EUR', '€0.05'],
  [0, 'EUR', '€0'],
  [123_456_700, 'EUR', '€1,234,567'],
  [999, 'USD', 'US$9.99'],
  [1000, 'GBP', '£10'],
  [500, 'JPY', 'JP¥500'],
  [1500, 'KWD', 'KWD\u{a0}1.500'],
  [2000, 'KWD', 'KWD\u{a0}2'],
])('%d of the smallest unit of %s are %s', (amountMinor, currency, price) => {
  expect(priceOf({ amountMinor, currency })).toBe(price)
})
