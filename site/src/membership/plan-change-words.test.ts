import { expect, test } from '@jest/globals'
import type { MoneyFragment, ProposedChangeFragment } from '../api/operations.ts'
import { comingChangeLine, planChangeWords } from './plan-change-words.ts'

const supporter = { slug: 'supporter', name: 'Supporter' }
const patron = { slug: 'patron', name: 'Patron' }
const euros = (amount: number): MoneyFragment => ({ amountMinor: amount * 100, currency: 'EUR' })
const up: ProposedChangeFragment = {
  plan: patron,
  interval: 'MONTHLY',
  direction: 'UP',
  at: '2026-02-20T10:00:00.000Z',
  trialEndsAt: null,
  dueNow: euros(3.5),
}
const down: ProposedChangeFragment = { ...up, direction: 'DOWN', at: '2026-03-05T10:00:00.000Z', dueNow: null }
const due = 'Due now: €3.50, the difference for the rest of the period.'

test.each<[typeof supporter, ProposedChangeFragment, MoneyFragment | null, string[]]>([
  [supporter, up, euros(12), ['Patron starts right away.', `${due} Then €12 a month.`]],
  [supporter, up, null, ['Patron starts right away.', due]],
  [supporter, { ...up, dueNow: euros(0) }, null, ['Patron starts right away.', 'Nothing is due now.']],
  [supporter, { ...up, dueNow: euros(-2) }, null, ['Patron starts right away.', 'Nothing is due now.']],
  [
    supporter,
    { ...up, dueNow: null },
    null,
    [
      'Patron starts right away.',
      'We can’t show the amount due right now. It is the difference for the rest of the period.',
    ],
  ],
  [patron, { ...up, interval: 'YEARLY' }, euros(120), ['From today you pay yearly.', `${due} Then €120 a year.`]],
  [
    supporter,
    { ...up, trialEndsAt: '2026-03-02T10:00:00.000Z', dueNow: euros(0) },
    euros(12),
    ['Patron starts right away.', 'Your free trial ends on 2 March 2026. Then €12 a month.'],
  ],
  [
    supporter,
    { ...up, trialEndsAt: up.at, dueNow: euros(12) },
    euros(12),
    [
      'Patron starts right away.',
      'Your free trial ends with the change. Due now: €12, for the first month. Then €12 a month.',
    ],
  ],
  [
    supporter,
    { ...up, interval: 'YEARLY', trialEndsAt: up.at, dueNow: null },
    null,
    [
      'Patron starts right away.',
      'Your free trial ends with the change. We can’t show the amount due right now. It is for the first year.',
    ],
  ],
  [
    patron,
    { ...down, plan: supporter, trialEndsAt: down.at },
    euros(5),
    ['Nothing changes until 5 March 2026.', 'Then you have Supporter: €5 a month. Nothing is due now.'],
  ],
  [
    patron,
    { ...down, plan: supporter },
    euros(5),
    ['Nothing changes until 5 March 2026.', 'Then you have Supporter: €5 a month. Nothing is due now.'],
  ],
  [patron, down, null, ['Nothing changes until 5 March 2026.', 'Then you pay monthly. Nothing is due now.']],
])('%j by %j at %j: %j', (from, change, price, words) => {
  expect(planChangeWords({ from, change, price })).toEqual(words)
})

test('a scheduled change', () => {
  expect(comingChangeLine(supporter, down)).toBe('Changes to Patron, billed monthly, on 5 March 2026.')
  expect(comingChangeLine(patron, { ...down, interval: 'YEARLY' })).toBe('Billed yearly from 5 March 2026.')
})
