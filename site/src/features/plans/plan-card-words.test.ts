import { expect, test } from '@jest/globals'
import type { BillingInterval, MoneyFragment } from '../../api/operations.ts'
import { priceWords, savingNote, soldInterval, trialLine, yearlySaving } from './plan-card-words.ts'

const euros = (amount: number): MoneyFragment => ({ amountMinor: amount * 100, currency: 'EUR' })
const both = { monthly: euros(5), yearly: euros(50) }
const dear = { monthly: euros(5), yearly: euros(60) }
const monthly = { monthly: euros(5), yearly: null }
const yearly = { monthly: null, yearly: euros(50) }
const none = { monthly: null, yearly: null }

test.each<[object, BillingInterval, BillingInterval | null]>([
  [both, 'MONTHLY', 'MONTHLY'],
  [both, 'YEARLY', 'YEARLY'],
  [monthly, 'YEARLY', 'MONTHLY'],
  [yearly, 'MONTHLY', 'YEARLY'],
  [none, 'MONTHLY', null],
])('%j, chosen %s: sold %s', (plan, chosen, interval) => {
  expect(soldInterval(plan as typeof both, chosen)).toBe(interval)
})

test.each<[object, number | null]>([
  [both, 1_000],
  [dear, null],
  [monthly, null],
  [yearly, null],
  [{ monthly: euros(5), yearly: euros(61) }, null],
  [{ monthly: euros(5), yearly: { amountMinor: 10, currency: 'USD' } }, null],
])('a year of %j saves %s', (plan, saved) => {
  expect(yearlySaving(plan as typeof both)?.amountMinor ?? null).toBe(saved)
})

test.each<[(typeof both | typeof monthly)[], string | null]>([
  [[], null],
  [[dear], null],
  [[monthly], null],
  [[both], 'A yearly plan costs 16% less.'],
  [[both, { monthly: euros(12), yearly: euros(120) }], 'A yearly plan costs 16% less.'],
  [[both, dear], 'A yearly plan costs up to 16% less.'],
  [[both, { monthly: euros(12), yearly: euros(72) }], 'A yearly plan costs up to 50% less.'],
])('%j: %s', (plans, note) => {
  expect(savingNote(plans)).toBe(note)
})

test.each<[object, BillingInterval, string | null]>([
  [both, 'MONTHLY', '€5 a month; or €50 a year, saving €10'],
  [both, 'YEARLY', '€50 a year; saves €10 compared with monthly'],
  [dear, 'MONTHLY', '€5 a month; or €60 a year'],
  [dear, 'YEARLY', '€60 a year; -'],
  [monthly, 'MONTHLY', '€5 a month; -'],
  [monthly, 'YEARLY', '€5 a month; Monthly only'],
  [yearly, 'MONTHLY', '€50 a year; Yearly only'],
  [none, 'MONTHLY', null],
])('%j, %s: %s', (plan, interval, words) => {
  const said = priceWords(plan as typeof both, interval)
  expect(said && `${said.amount} ${said.per}; ${said.note ?? '-'}`).toBe(words)
})

test.each<[number, boolean | null, string | null]>([
  [0, null, null],
  [0, true, null],
  [14, null, '14-day free trial'],
  [14, true, '14-day free trial'],
  [14, false, 'You have used your free trial'],
  [1, true, '1-day free trial'],
])('%i free days, to be had %s: %s', (trialDays, available, line) => {
  expect(trialLine({ trialDays }, available)).toBe(line)
})
