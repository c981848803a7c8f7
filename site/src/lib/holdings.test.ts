import { expect, test } from '@jest/globals'
import type { MembershipStatus, ViewerHoldingsFragment } from '../graphql/operations.ts'
import { fingerprintOf, givenMemberships, isGoodGift, paidMembership, pastMemberships, type Held } from './holdings.ts'

const held = (status: MembershipStatus, change: Partial<Held> = {}): Held => ({
  plan: { slug: 'supporter', name: 'Supporter' },
  status,
  source: 'PAYMENT',
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd: '2026-02-05T10:00:00.000Z',
  cancelAtPeriodEnd: false,
  opens: true,
  opensUntil: null,
  endedAt: null,
  ...change,
})

test.each<[Held[], MembershipStatus | null]>([
  [[], null],
  [[held('ENDED')], null],
  [[held('ACTIVE', { source: 'GIFT' })], null],
  [[held('ACTIVE', { source: 'COMPLIMENTARY' })], null],
  [[held('INCOMPLETE')], 'INCOMPLETE'],
  [[held('INCOMPLETE'), held('PAST_DUE')], 'PAST_DUE'],
  [[held('ENDED'), held('UNPAID')], 'UNPAID'],
  [[held('ACTIVE', { source: 'GIFT' }), held('TRIALING')], 'TRIALING'],
])('of %j %s is paid for', (memberships, status) => {
  expect(paidMembership(memberships)?.status ?? null).toBe(status)
})

test('what is given, and what is over', () => {
  const gift = held('ACTIVE', { source: 'GIFT' })
  const all = [held('ENDED'), gift, held('ENDED', { source: 'GIFT' }), held('ACTIVE')]
  expect(givenMemberships(all)).toEqual([gift])
  expect(pastMemberships(all)).toEqual([all[0], all[2]])
})

test.each([
  [null, false, true],
  ['2026-02-05T10:00:00.000Z', false, false],
  [null, true, false],
])('a code that was redeemed %s, voided %s: good %s', (redeemedAt, voided, good) => {
  expect(isGoodGift({ redeemedAt, voided })).toBe(good)
})

const holdings: ViewerHoldingsFragment = {
  trialAvailable: true,
  membership: held('ACTIVE'),
  memberships: [held('ACTIVE')],
  billing: { interval: 'MONTHLY', price: { amountMinor: 500, currency: 'EUR' }, change: null },
  gifts: [],
}
const change = {
  plan: { slug: 'patron', name: 'Patron' },
  interval: 'YEARLY',
  direction: 'DOWN',
  at: '2026-02-05T10:00:00.000Z',
} as const
const gift = {
  id: '1',
  code: 'GIFT',
  plan: { slug: 'patron', name: 'Patron' },
  interval: 'YEARLY',
  boughtAt: '2026-02-05T10:00:00.000Z',
  redeemedAt: null,
  voided: false,
} as const

test('each change that matters has another fingerprint', () => {
  const base = holdings.billing ?? { interval: null, price: null, change: null }
  const all: (ViewerHoldingsFragment | null)[] = [
    null,
    holdings,
    { ...holdings, trialAvailable: false },
    { ...holdings, memberships: [] },
    { ...holdings, memberships: [held('PAST_DUE')] },
    { ...holdings, memberships: [held('ACTIVE', { cancelAtPeriodEnd: true })] },
    { ...holdings, memberships: [held('ACTIVE', { currentPeriodEnd: '2026-03-05T10:00:00.000Z' })] },
    { ...holdings, memberships: [held('ACTIVE', { source: 'GIFT' })] },
    { ...holdings, billing: null },
    { ...holdings, billing: { ...base, interval: 'YEARLY' } },
    { ...holdings, billing: { ...base, change } },
    { ...holdings, billing: { ...base, change: { ...change, interval: 'MONTHLY' } } },
    { ...holdings, gifts: [gift] },
    { ...holdings, gifts: [{ ...gift, redeemedAt: gift.boughtAt }] },
    { ...holdings, gifts: [{ ...gift, voided: true }] },
  ]
  expect(new Set(all.map(fingerprintOf)).size).toBe(all.length)
})

test('the order of fields and the cache’s marks do not matter', () => {
  const { gifts, billing, ...rest } = holdings
  const marked = { __typename: 'Viewer', gifts, ...rest, billing: { __typename: 'Billing', ...billing } }
  expect(fingerprintOf(marked as unknown as ViewerHoldingsFragment)).toBe(fingerprintOf(holdings))
})
