import { expect, test } from '@jest/globals'
import { kindOfChange, trialEndAfterChange } from './plan-change-terms.ts'
import type { Interval } from '../../catalogue/index.ts'

/** `patron` includes `supporter`. `audio` and `tiny` neither include nor are included. */
const includes: Record<string, readonly string[]> = { patron: ['supporter'], founder: ['patron', 'supporter'] }

/** Parses a plan, interval, amount and currency, such as `supporter MONTHLY 500 EUR`. */
function offer(text: string) {
  const [id = '', interval, amount, currency = ''] = text.split(' ')
  const plan = { id, includedPlanIds: new Set(includes[id]) }
  return { plan, planId: id, interval: interval as Interval, price: { amountMinor: Number(amount), currency } }
}

test.each([
  // from                        to                             is
  ['supporter MONTHLY 500 EUR', 'patron MONTHLY 1200 EUR', 'UP'],
  ['patron MONTHLY 1200 EUR', 'supporter MONTHLY 500 EUR', 'DOWN'],
  // The new plan includes the old one. The cost does not matter.
  ['supporter MONTHLY 500 EUR', 'patron MONTHLY 300 EUR', 'UP'],
  ['supporter MONTHLY 500 EUR', 'founder MONTHLY 0 EUR', 'UP'],
  ['supporter MONTHLY 500 EUR', 'patron YEARLY 1200 EUR', 'UP'],
  // Neither plan includes the other. The cost of a year decides.
  ['supporter MONTHLY 500 EUR', 'audio MONTHLY 501 EUR', 'UP'],
  ['supporter MONTHLY 500 EUR', 'audio MONTHLY 500 EUR', 'DOWN'],
  ['supporter MONTHLY 500 EUR', 'audio MONTHLY 499 EUR', 'DOWN'],
  ['supporter MONTHLY 500 EUR', 'audio YEARLY 6001 EUR', 'UP'],
  ['supporter MONTHLY 500 EUR', 'audio YEARLY 6000 EUR', 'DOWN'],
  ['supporter YEARLY 5000 EUR', 'audio MONTHLY 417 EUR', 'UP'],
  ['supporter YEARLY 5000 EUR', 'audio MONTHLY 416 EUR', 'DOWN'],
  // The old plan includes the new one but costs less.
  ['patron MONTHLY 400 EUR', 'supporter MONTHLY 500 EUR', 'UP'],
  // The same plan.
  ['supporter MONTHLY 500 EUR', 'supporter MONTHLY 500 EUR', 'NONE'],
  ['supporter MONTHLY 400 EUR', 'supporter MONTHLY 500 EUR', 'NONE'],
  ['supporter MONTHLY 500 EUR', 'supporter MONTHLY 500 USD', 'NONE'],
  ['supporter MONTHLY 500 EUR', 'supporter YEARLY 5000 EUR', 'DOWN'],
  ['supporter YEARLY 5000 EUR', 'supporter MONTHLY 500 EUR', 'UP'],
  // Amounts in two currencies cannot be compared, and a subscription has one currency.
  ['supporter MONTHLY 500 EUR', 'patron MONTHLY 1200 USD', 'OTHER_CURRENCY'],
  ['supporter MONTHLY 500 EUR', 'supporter YEARLY 5000 USD', 'OTHER_CURRENCY'],
] as const)('%s to %s: %s', (from, to, kind) => {
  const { planId, interval, price } = offer(from)
  expect(kindOfChange({ planId, interval, ...price }, offer(to))).toBe(kind)
})

const start = new Date('2026-02-01T00:00:00Z')
const day = (days: number) => new Date(start.getTime() + days * 86_400_000)

test.each([
  // The same plan keeps the days, whatever it offers now.
  ['supporter', 14, 14, 3, 14],
  ['supporter', 0, 14, 3, 14],
  // Another plan keeps the days that it offers as well, from the start of the trial.
  ['patron', 0, 14, 3, 3],
  ['patron', 7, 14, 3, 7],
  ['patron', 7, 14, 7, 7],
  ['patron', 7, 14, 9, 9],
  ['patron', 14, 14, 3, 14],
  ['patron', 30, 14, 3, 14],
  // The publisher extended the trial at the provider.
  ['patron', 14, 400, 390, 390],
])('to %s with %d free days, of a trial of %d on day %d: free until day %d', (id, trialDays, ends, today, until) => {
  const trial = { planId: 'supporter', startedAt: start, endsAt: day(ends) }
  expect(trialEndAfterChange(trial, { id, trialDays }, day(today))).toEqual(day(until))
})
