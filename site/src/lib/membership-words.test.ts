import { expect, test } from '@jest/globals'
import type { HeldMembershipFragment, MembershipStatus } from '../graphql/operations.ts'
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
  [{}, 'Running since 5 January 2026, bought; the present period ends on 5 March 2026.'],
  [{ cancelAtPeriodEnd: true }, 'Running since 5 January 2026, bought; ends on 5 March 2026.'],
  [{ source: 'GIFT' }, 'Running since 5 January 2026, a gift; ends on 5 March 2026.'],
  [
    { source: 'COMPLIMENTARY', currentPeriodEnd: null },
    'Running since 5 January 2026, given by the publisher, without an end.',
  ],
  [{ status: 'TRIALING' }, 'On trial since 5 January 2026, bought; the present period ends on 5 March 2026.'],
  [{ status: 'TRIALING', cancelAtPeriodEnd: true }, 'On trial since 5 January 2026, bought; ends on 5 March 2026.'],
  [{ status: 'PAST_DUE' }, 'Held since 5 January 2026, bought. The last payment failed.'],
  [{ status: 'UNPAID' }, 'Held since 5 January 2026, bought. The last payment failed.'],
  [{ status: 'PAUSED' }, 'Paused. Held since 5 January 2026, bought.'],
  [{ status: 'INCOMPLETE' }, 'The first payment has not come through.'],
  [{ status: 'ENDED', opens: false, endedAt: '2026-03-05T10:00:00.000Z' }, 'Ended; it ran until 5 March 2026.'],
  // Taken back.
  [{ status: 'ENDED', opens: false, endedAt: '2026-02-01T10:00:00.000Z' }, 'Ended; it ran until 1 February 2026.'],
  [
    { opens: false, opensUntil: null },
    'Held since 5 January 2026, bought. The payment for the time after 5 March 2026 has not come in yet; it is locked until then.',
  ],
  // Of a server that is newer than the site.
  [{ status: 'FROZEN' as MembershipStatus }, 'Held since 5 January 2026, bought.'],
  [
    { status: 'FROZEN' as MembershipStatus, source: 'BARTER' as HeldMembershipFragment['source'] },
    'Held since 5 January 2026, held.',
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
    'You can read until 12 March 2026. After that what it opens is locked until the payment is made.',
  ],
  ['PAST_DUE', null, 'What it opens is locked until the payment is made.'],
  ['UNPAID', null, 'What it opens is locked until the payment is made.'],
])('%s, open until %s: %s', (status, until, line) => {
  expect(failureLine({ status, opensUntil: until })).toBe(line)
})

test.each<[Partial<HeldMembershipFragment>, string]>([
  [{}, 'You can read until 5 March 2026: what is paid for stays yours. No further payment is made.'],
  [{ status: 'TRIALING' }, 'Your free days go on until 5 March 2026, and you can read until then. No payment is made.'],
  [{ status: 'PAST_DUE' }, 'No further payment is made. Your account and your bookmarks stay as they are.'],
  [{ currentPeriodEnd: null }, 'No further payment is made. Your account and your bookmarks stay as they are.'],
])('cancelling %j: %s', (change, line) => {
  expect(cancelWords({ ...bought, ...change })[0]).toBe(line)
})
