import { expect, test } from '@jest/globals'
import type { MembershipStatus } from '../../api/operations.ts'
import type { Held } from '../../membership/holdings.ts'
import { membershipNotice, type NoticeStep } from './membership-notice-words.ts'

const now = new Date('2026-03-01T10:00:00.000Z')
const held = (status: MembershipStatus, currentPeriodEnd: string | null, change: Partial<Held> = {}): Held => ({
  plan: { slug: 'supporter', name: 'Supporter' },
  status,
  source: 'PAYMENT',
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd,
  cancelAtPeriodEnd: false,
  opens: true,
  opensUntil: null,
  endedAt: null,
  ...change,
})
const cancelled = { cancelAtPeriodEnd: true }
const gift = { source: 'GIFT' } as const
const soon = '2026-03-05T10:00:00.000Z'
const far = '2026-04-05T10:00:00.000Z'
const lately = '2026-02-20T10:00:00.000Z'
const longAgo = '2026-01-20T10:00:00.000Z'

test.each<[Held[], NoticeStep | null, string]>([
  [[], null, ''],
  [[held('ACTIVE', soon)], null, ''],
  [[held('ACTIVE', null)], null, ''],
  [[held('TRIALING', soon)], null, ''],
  [[held('INCOMPLETE', soon)], null, ''],
  [[held('PAUSED', soon)], null, ''],
  [[held('PAST_DUE', soon)], 'fix-payment', 'Your last payment failed. Update your payment to keep reading.'],
  // The grace period is over.
  [[held('PAST_DUE', soon, { opens: false })], 'fix-payment', 'Your plan is on hold until the payment is made.'],
  [[held('UNPAID', soon)], 'fix-payment', 'Your last payment failed. Your plan is on hold until the payment is made.'],
  [[held('ACTIVE', soon, gift), held('UNPAID', soon)], 'fix-payment', 'Your last payment failed.'],
  [[held('ACTIVE', far, cancelled)], null, ''],
  [[held('ACTIVE', soon, cancelled)], 'keep', 'Supporter ends on 5 March 2026. Nothing changes until then.'],
  [[held('TRIALING', soon, cancelled)], 'keep', 'Supporter ends on 5 March 2026.'],
  // The end has passed without an event: the server decides.
  [[held('ACTIVE', lately, cancelled)], null, ''],
  [[held('ACTIVE', soon, gift)], 'plans', 'Your Supporter plan ends on 5 March 2026.'],
  [[held('ACTIVE', far, gift)], null, ''],
  [[held('ACTIVE', soon, gift), held('ACTIVE', far, gift)], null, ''],
  [[held('ACTIVE', soon, gift), held('ACTIVE', far)], null, ''],
  [[held('ENDED', lately)], 'plans', 'Supporter ended on 20 February 2026.'],
  [[held('ENDED', lately, gift)], 'plans', 'Supporter ended on 20 February 2026.'],
  [[held('ENDED', longAgo)], null, ''],
  // The payment was refunded: the period continues and does not tell when the membership ended.
  [[held('ENDED', far)], null, ''],
  [[held('ENDED', null)], null, ''],
  [[held('ENDED', lately), held('ACTIVE', far)], null, ''],
])('%j: %s', (memberships, step, text) => {
  const notice = membershipNotice({ memberships }, now)
  expect(notice?.step ?? null).toBe(step)
  expect(notice?.text ?? '').toContain(text)
})

test('news that differ are closed one by one', () => {
  const ids = [
    held('PAST_DUE', soon),
    held('UNPAID', soon),
    held('ACTIVE', soon, cancelled),
    held('ENDED', lately),
  ].map((one) => membershipNotice({ memberships: [one] }, now)?.id)
  expect(new Set(ids).size).toBe(4)
})
