import { expect, test } from '@jest/globals'
import type { HeldMembershipFragment, MembershipStatus } from '../../../api/operations.ts'
import { cancelWords, failureLine, membershipLine } from './membership-words.ts'

const bought: HeldMembershipFragment = {
  plan: { slug: 'supporter', name: 'Supporter' },
  status: 'ACTIVE',
  source: 'PAYMENT',
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd: '2026-03-05T10:00:00.000Z',
  cancelAtPeriodEnd: false,
  opens: true,
  opensUntil: '2026-03-12T10:00:00.000Z',
  endedAt: null,
}

test.each<[Partial<HeldMembershipFragment>, string]>([
  [{}, 'Active since 5 January 2026. Renews on 5 March 2026.'],
  [{ cancelAtPeriodEnd: true }, 'Active since 5 January 2026. Ends on 5 March 2026.'],
  [{ source: 'GIFT' }, 'Active since 5 January 2026 (gift). Ends on 5 March 2026.'],
  [
    { source: 'COMPLIMENTARY', currentPeriodEnd: null },
    'Active since 5 January 2026 (complimentary), with no end date.',
  ],
  [{ status: 'TRIALING' }, 'Free trial since 5 January 2026. The trial ends on 5 March 2026.'],
  [{ status: 'TRIALING', cancelAtPeriodEnd: true }, 'Free trial since 5 January 2026. Ends on 5 March 2026.'],
  [{ status: 'PAST_DUE' }, 'Started on 5 January 2026. The last payment failed.'],
  [{ status: 'UNPAID' }, 'Started on 5 January 2026. The last payment failed.'],
  [{ status: 'PAUSED' }, 'Paused. Started on 5 January 2026.'],
  [{ status: 'INCOMPLETE' }, 'The first payment is not complete.'],
  [{ status: 'ENDED', opens: false, endedAt: '2026-03-05T10:00:00.000Z' }, 'Ended on 5 March 2026.'],
  // Refunded: it ended before its period.
  [{ status: 'ENDED', opens: false, endedAt: '2026-02-01T10:00:00.000Z' }, 'Ended on 1 February 2026.'],
  [
    { opens: false, opensUntil: null },
    'Started on 5 January 2026. We haven’t received the payment for the time after 5 March 2026 yet. Until it arrives, articles for subscribers are locked.',
  ],
  // A status of a server that is newer than the site.
  [{ status: 'FROZEN' as MembershipStatus }, 'Started on 5 January 2026.'],
  [
    { status: 'FROZEN' as MembershipStatus, source: 'BARTER' as HeldMembershipFragment['source'] },
    'Started on 5 January 2026.',
  ],
])('%j reads %j', (change, line) => {
  expect(membershipLine({ ...bought, ...change })).toBe(line)
})

const { opensUntil } = bought
test.each<[MembershipStatus, string | null, string | null]>([
  ['ACTIVE', opensUntil, null],
  ['INCOMPLETE', null, null],
  [
    'PAST_DUE',
    opensUntil,
    'You can read until 12 March 2026. After that, articles for subscribers are locked until the payment is made.',
  ],
  ['PAST_DUE', null, 'Articles for subscribers are locked until the payment is made.'],
  ['UNPAID', null, 'Articles for subscribers are locked until the payment is made.'],
])('%s, open until %s: %s', (status, until, line) => {
  expect(failureLine({ status, opensUntil: until })).toBe(line)
})

test.each<[Partial<HeldMembershipFragment>, string]>([
  [{}, 'You can read until 5 March 2026. You won’t be charged again.'],
  [
    { status: 'TRIALING' },
    'Your free trial continues until 5 March 2026, and you can read until then. You won’t be charged.',
  ],
  [{ status: 'PAST_DUE' }, 'You won’t be charged again. You keep your account and your bookmarks.'],
  [{ currentPeriodEnd: null }, 'You won’t be charged again. You keep your account and your bookmarks.'],
])('cancelling %j: %s', (change, line) => {
  expect(cancelWords({ ...bought, ...change })[0]).toBe(line)
})
