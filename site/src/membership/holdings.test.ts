import { expect, test } from '@jest/globals'
import type { MembershipStatus } from '../api/operations.ts'
import { givenMemberships, isRedeemable, paidMembership, endedMemberships, type Held } from './holdings.ts'

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

test('given memberships and ended memberships', () => {
  const gift = held('ACTIVE', { source: 'GIFT' })
  const all = [held('ENDED'), gift, held('ENDED', { source: 'GIFT' }), held('ACTIVE')]
  expect(givenMemberships(all)).toEqual([gift])
  expect(endedMemberships(all)).toEqual([all[0], all[2]])
})

test.each([
  [null, false, true],
  ['2026-02-05T10:00:00.000Z', false, false],
  [null, true, false],
])('a code redeemed at %s, voided %s, can be redeemed: %s', (redeemedAt, voided, good) => {
  expect(isRedeemable({ redeemedAt, voided })).toBe(good)
})
