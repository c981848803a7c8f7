import type { AccessReason, MembershipSource, MembershipStatus } from '../schema-types.ts'

// The states of a membership: what each status opens, and how one status becomes another. The access decision and the command that
// writes paid memberships read this table, and `npm run docs` prints it into docs/architecture/membership.md. The source of a membership,
// and whether it ends with its period, are independent of the status.

/** Why a membership that opens nothing does not; where several would have opened an article, the first of these says it. */
export const lockReasons = {
  unpaid: 'PAYMENT_PAST_DUE',
  over: 'PLAN_EXPIRED',
  nothing: 'PLAN_REQUIRED',
} as const satisfies Record<string, AccessReason>

export type Closed = keyof typeof lockReasons

export interface StatusWorth {
  /** In a few words, for the documents. */
  readonly meaning: string
  /** The ends up to which it opens articles, exclusive: of those named here the first that is set. None named: it opens none. */
  readonly opensUntil: readonly ('graceEndsAt' | 'currentPeriodEnd')[]
  /** Whether it opens articles for ever where none of those ends is set. */
  readonly withoutEnd: 'open' | 'closed'
  /** What it is where it opens nothing. */
  readonly closed: Closed
}

/** A payment for the next period that we have not heard of yet is in its grace as well as one that failed. */
const running = { opensUntil: ['graceEndsAt', 'currentPeriodEnd'], withoutEnd: 'open', closed: 'over' } as const
const shut = { opensUntil: [], withoutEnd: 'closed' } as const

export const statuses: Readonly<Record<MembershipStatus, StatusWorth>> = {
  INCOMPLETE: { ...shut, meaning: 'The first payment has not succeeded', closed: 'nothing' },
  TRIALING: { ...running, meaning: 'In its trial' },
  ACTIVE: { ...running, meaning: 'Paid for or given, and running' },
  PAST_DUE: {
    meaning: 'A payment failed',
    opensUntil: ['graceEndsAt'],
    withoutEnd: 'closed',
    closed: 'unpaid',
  },
  UNPAID: { ...shut, meaning: 'All attempts of a payment failed', closed: 'unpaid' },
  PAUSED: { ...shut, meaning: 'Paused', closed: 'over' },
  ENDED: { ...shut, meaning: 'Over', closed: 'over' },
}

export interface Transition {
  /** Null: there was none before. */
  readonly from: MembershipStatus | null
  readonly to: MembershipStatus
  /** What happens, in words, for the documents. */
  readonly what: string
  /** The memberships to which it can happen. */
  readonly sources: readonly MembershipSource[]
}

const all: readonly MembershipSource[] = ['PAYMENT', 'GIFT', 'COMPLIMENTARY']
const paid = (from: Transition['from'], to: MembershipStatus, what: string): Transition => ({
  from,
  to,
  what,
  sources: ['PAYMENT'],
})
const any = (from: Transition['from'], to: MembershipStatus, what: string): Transition => ({
  from,
  to,
  what,
  sources: all,
})

/** What can happen to a membership; nothing else can. What Stripe can do: https://docs.stripe.com/billing/subscriptions/overview */
export const transitions: readonly Transition[] = [
  paid(null, 'TRIALING', 'a checkout with a trial is completed'),
  any(null, 'ACTIVE', 'the first payment succeeds; a gift is redeemed; staff grant a plan'),
  paid(null, 'INCOMPLETE', 'the first payment is declined, or waits for the reader'),
  paid('INCOMPLETE', 'ACTIVE', 'the first payment succeeds'),
  paid('INCOMPLETE', 'ENDED', 'the first payment does not succeed in time; the subscription is cancelled'),
  paid(
    'TRIALING',
    'TRIALING',
    'the trial is extended or shortened; the plan changes; a cancellation for the end of the trial is made or withdrawn',
  ),
  paid('TRIALING', 'ACTIVE', 'the trial ends, and the first payment succeeds'),
  paid('TRIALING', 'PAST_DUE', 'the trial ends, and the first payment fails'),
  paid('TRIALING', 'PAUSED', 'the trial ends without a card, and the provider is set to pause the subscription'),
  paid(
    'TRIALING',
    'ENDED',
    'the subscription is cancelled; the trial ends without a card, and the provider is set to cancel the subscription',
  ),
  any(
    'ACTIVE',
    'ACTIVE',
    'a renewal is paid; the plan changes; a cancellation for the end of the period is made or withdrawn; staff grant the plan again',
  ),
  paid('ACTIVE', 'TRIALING', 'the publisher adds a trial at the provider'),
  paid('ACTIVE', 'PAST_DUE', 'a renewal fails'),
  paid('ACTIVE', 'UNPAID', 'a renewal fails, and the provider is set not to retry'),
  paid('ACTIVE', 'PAUSED', 'the publisher pauses the subscription at the provider'),
  any(
    'ACTIVE',
    'ENDED',
    'the period ends after a cancellation; the subscription is cancelled at once; the payment is refunded or its dispute lost; staff revoke the membership',
  ),
  paid('PAST_DUE', 'PAST_DUE', 'a retry fails'),
  paid('PAST_DUE', 'ACTIVE', 'the payment succeeds'),
  paid('PAST_DUE', 'UNPAID', 'the last retry fails, and the provider is set to keep the subscription'),
  paid('PAST_DUE', 'PAUSED', 'the publisher pauses the subscription at the provider'),
  paid(
    'PAST_DUE',
    'ENDED',
    'the last retry fails, and the provider is set to cancel the subscription; the subscription is cancelled; the payment is refunded or its dispute lost',
  ),
  paid('UNPAID', 'UNPAID', 'another period passes without payment'),
  paid('UNPAID', 'ACTIVE', 'the payment succeeds'),
  paid('UNPAID', 'PAST_DUE', 'an older invoice is paid, and the latest is retried'),
  paid('UNPAID', 'ENDED', 'the subscription is cancelled'),
  paid('PAUSED', 'ACTIVE', 'the subscription is resumed and paid'),
  paid('PAUSED', 'TRIALING', 'the subscription is resumed within its trial'),
  paid('PAUSED', 'PAST_DUE', 'the subscription is resumed, and the payment fails'),
  paid('PAUSED', 'ENDED', 'the subscription is cancelled'),
  paid('ENDED', 'ACTIVE', 'a period is paid after one whose payment was refunded or whose dispute was lost'),
]

/**
 * Whether a membership may come to stand as `to`, by one or several of the transitions: news of the steps between may have
 * been skipped or come late.
 *
 * @param from null: there is none yet
 */
export function mayBecome(from: MembershipStatus | null, to: MembershipStatus, source: MembershipSource): boolean {
  if (from === to) return true
  const reached = new Set<MembershipStatus | null>([from])
  // A set that grows while it is walked is walked to its new end.
  for (const status of reached) {
    for (const step of transitions) if (step.from === status && step.sources.includes(source)) reached.add(step.to)
  }
  return reached.has(to)
}
