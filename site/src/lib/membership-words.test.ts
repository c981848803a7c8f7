import { expect, test } from '@jest/globals'
import type { HeldMembershipFragment, MembershipStatus } from '../graphql/operations.ts'
import { membershipLine } from './membership-words.ts'

const bought: HeldMembershipFragment = {
  plan: { slug: 'supporter', name: 'Supporter' },
  status: 'ACTIVE',
  source: 'PAYMENT',
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd: '2026-03-05T10:00:00.000Z',
  cancelAtPeriodEnd: false,
}

test.each<[Partial<HeldMembershipFragment>, string]>([
  [{}, 'Running since 5 January 2026, bought; the present period ends on 5 March 2026'],
  [{ cancelAtPeriodEnd: true }, 'Running since 5 January 2026, bought; ends on 5 March 2026'],
  [{ source: 'GIFT' }, 'Running since 5 January 2026, a gift; the present period ends on 5 March 2026'],
  [
    { source: 'COMPLIMENTARY', currentPeriodEnd: null },
    'Running since 5 January 2026, given by the publisher, without an end',
  ],
  [{ status: 'TRIALING' }, 'On trial since 5 January 2026, bought; the present period ends on 5 March 2026'],
  [{ status: 'TRIALING', cancelAtPeriodEnd: true }, 'On trial since 5 January 2026, bought; ends on 5 March 2026'],
  [{ status: 'PAST_DUE' }, 'Payment failed; since 5 January 2026, bought'],
  [{ status: 'UNPAID' }, 'Payment failed; since 5 January 2026, bought'],
  [{ status: 'PAUSED' }, 'Paused; since 5 January 2026, bought'],
  [{ status: 'INCOMPLETE' }, 'The first payment has not come through'],
  [{ status: 'ENDED' }, 'Ended; it ran until 5 March 2026'],
  [{ status: 'ENDED', currentPeriodEnd: null }, 'Ended; it began on 5 January 2026'],
  // Of a server that is newer than the site.
  [{ status: 'FROZEN' as MembershipStatus }, 'Held since 5 January 2026, bought'],
  [
    { status: 'FROZEN' as MembershipStatus, source: 'BARTER' as HeldMembershipFragment['source'] },
    'Held since 5 January 2026, held',
  ],
])('%j reads %j', (change, line) => {
  expect(membershipLine({ ...bought, ...change })).toBe(line)
})
