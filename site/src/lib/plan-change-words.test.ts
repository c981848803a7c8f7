import { expect, test } from '@jest/globals'
import type { MoneyFragment, ProposedChangeFragment } from '../graphql/operations.ts'
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
  [supporter, up, euros(12), ['Patron is yours at once.', `${due} After that it is €12 a month.`]],
  [supporter, up, null, ['Patron is yours at once.', due]],
  [supporter, { ...up, dueNow: euros(0) }, null, ['Patron is yours at once.', 'Nothing is due now.']],
  [supporter, { ...up, dueNow: euros(-2) }, null, ['Patron is yours at once.', 'Nothing is due now.']],
  [
    supporter,
    { ...up, dueNow: null },
    null,
    [
      'Patron is yours at once.',
      'The amount due now cannot be shown at the moment. It is the difference for the rest of the period.',
    ],
  ],
  [
    patron,
    { ...up, interval: 'YEARLY' },
    euros(120),
    ['From now on you pay by the year.', `${due} After that it is €120 a year.`],
  ],
  [
    supporter,
    { ...up, trialEndsAt: '2026-03-02T10:00:00.000Z', dueNow: euros(0) },
    euros(12),
    ['Patron is yours at once.', 'Your free days end on 2 March 2026. After that it is €12 a month.'],
  ],
  [
    supporter,
    { ...up, trialEndsAt: up.at, dueNow: euros(12) },
    euros(12),
    [
      'Patron is yours at once.',
      'Your free days end with the change. Due now: €12, for the first month. After that it is €12 a month.',
    ],
  ],
  [
    supporter,
    { ...up, interval: 'YEARLY', trialEndsAt: up.at, dueNow: null },
    null,
    [
      'Patron is yours at once.',
      'Your free days end with the change. The amount due now cannot be shown at the moment. It is for the first year.',
    ],
  ],
  [
    patron,
    { ...down, plan: supporter, trialEndsAt: down.at },
    euros(5),
    ['Until 5 March 2026 nothing changes.', 'From then on you have Supporter: €5 a month. Nothing is due now.'],
  ],
  [
    patron,
    { ...down, plan: supporter },
    euros(5),
    ['Until 5 March 2026 nothing changes.', 'From then on you have Supporter: €5 a month. Nothing is due now.'],
  ],
  [
    patron,
    down,
    null,
    ['Until 5 March 2026 nothing changes.', 'From then on you pay by the month. Nothing is due now.'],
  ],
])('%j by %j at %j: %j', (from, change, price, words) => {
  expect(planChangeWords({ from, change, price })).toEqual(words)
})

test('a change that is to come', () => {
  expect(comingChangeLine(supporter, down)).toBe('Changes to Patron, paid by the month, on 5 March 2026.')
  expect(comingChangeLine(patron, { ...down, interval: 'YEARLY' })).toBe('Paid by the year from 5 March 2026 on.')
})
