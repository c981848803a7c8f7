import type { AccessReason, MembershipSource, MembershipStatus } from '../schema-types.ts'

// The state of a membership, as one table: what each status is worth and how one becomes another. The decision reads it, the
// command that writes paid memberships obeys it, and ARCHITECTURE.md prints it (npm run docs). Its source, and whether it
// ends with the period, stand apart from the status.

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
  INCOMPLETE: { ...shut, meaning: 'The first payment has not come through', closed: 'nothing' },
  TRIALING: { ...running, meaning: 'In its free days' },
  ACTIVE: { ...running, meaning: 'Paid for or given, and running' },
  PAST_DUE: {
    meaning: 'A payment failed',
    opensUntil: ['graceEndsAt'],
    withoutEnd: 'closed',
    closed: 'unpaid',
  },
  UNPAID: { ...shut, meaning: 'Payment failed for good', closed: 'unpaid' },
  PAUSED: { ...shut, meaning: 'Held back for a while', closed: 'over' },
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
  paid(null, 'TRIALING', 'a checkout with free days'),
  any(null, 'ACTIVE', 'a first payment; a gift redeemed; a grant'),
  paid(null, 'INCOMPLETE', 'a first payment that is declined, or waits for the reader'),
  paid('INCOMPLETE', 'ACTIVE', 'the first payment comes through'),
  paid('INCOMPLETE', 'ENDED', 'the first payment does not come through in time; cancelled'),
  paid('TRIALING', 'TRIALING', 'more or fewer free days; another plan; cancelled for their end, or that taken back'),
  paid('TRIALING', 'ACTIVE', 'the free days are over and the first payment comes through'),
  paid('TRIALING', 'PAST_DUE', 'the free days are over and the first payment fails'),
  paid('TRIALING', 'PAUSED', 'the free days are over without a card, where the provider then waits for one'),
  paid('TRIALING', 'ENDED', 'cancelled; the free days are over without a card, where the provider then ends it'),
  any(
    'ACTIVE',
    'ACTIVE',
    'a renewal; a change of plan; cancelled for the period’s end, or that taken back; a new grant',
  ),
  paid('ACTIVE', 'TRIALING', 'the publisher gives free days at the provider'),
  paid('ACTIVE', 'PAST_DUE', 'a renewal fails'),
  paid('ACTIVE', 'UNPAID', 'a renewal fails, where the provider then tries no more'),
  paid('ACTIVE', 'PAUSED', 'the publisher pauses it at the provider'),
  any('ACTIVE', 'ENDED', 'cancelled, and the period is over; cancelled at once; its payment taken back; revoked'),
  paid('PAST_DUE', 'PAST_DUE', 'another try fails'),
  paid('PAST_DUE', 'ACTIVE', 'paid after all'),
  paid('PAST_DUE', 'UNPAID', 'the last try fails, where the provider then keeps it'),
  paid('PAST_DUE', 'PAUSED', 'the publisher pauses it at the provider'),
  paid('PAST_DUE', 'ENDED', 'the last try fails, where the provider then ends it; cancelled; its payment taken back'),
  paid('UNPAID', 'UNPAID', 'another period passes unpaid'),
  paid('UNPAID', 'ACTIVE', 'paid after all'),
  paid('UNPAID', 'PAST_DUE', 'an older invoice is settled, the latest is tried again'),
  paid('UNPAID', 'ENDED', 'cancelled'),
  paid('PAUSED', 'ACTIVE', 'taken up again and paid'),
  paid('PAUSED', 'TRIALING', 'taken up again with free days left'),
  paid('PAUSED', 'PAST_DUE', 'taken up again, and the payment fails'),
  paid('PAUSED', 'ENDED', 'cancelled'),
  paid('ENDED', 'ACTIVE', 'a period is paid for after one whose payment was taken back'),
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
