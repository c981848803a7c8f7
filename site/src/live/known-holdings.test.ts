import { expect, test } from '@jest/globals'
import type { HeldMembershipFragment, MembershipStatus, ViewerHoldingsFragment } from '../api/operations.ts'
import { fingerprintOf } from './known-holdings.ts'

const held = (status: MembershipStatus, change: Partial<HeldMembershipFragment> = {}): HeldMembershipFragment => ({
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

const holdings: ViewerHoldingsFragment = {
  trialAvailable: true,
  purchaseStep: 'CHANGE',
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

test('each relevant change has another fingerprint', () => {
  const base = holdings.billing ?? { interval: null, price: null, change: null }
  const all: (ViewerHoldingsFragment | null)[] = [
    null,
    holdings,
    { ...holdings, trialAvailable: false },
    { ...holdings, purchaseStep: 'WAIT' },
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

test('neither the order of fields nor the cache’s marks matter', () => {
  const { gifts, billing, ...rest } = holdings
  const marked = { __typename: 'Viewer', gifts, ...rest, billing: { __typename: 'Billing', ...billing } }
  expect(fingerprintOf(marked as unknown as ViewerHoldingsFragment)).toBe(fingerprintOf(holdings))
})
