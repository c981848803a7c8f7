import type { AccessReason, MembershipSource, MembershipStatus } from '../schema-types.ts'

// The states of a membership: what each status opens, and how one status becomes another. The access decision and the command that
// writes paid memberships read this table, and `npm run docs` prints it into docs/architecture/membership.md. The source of a membership,
// and whether it ends with its period, are independent of the status.

/** The reason of a locked article, by the state of the membership that would open it. With several memberships, the first entry applies. */
export const lockReasons = {
  unpaid: 'PAYMENT_PAST_DUE',
  over: 'PLAN_EXPIRED',
  nothing: 'PLAN_REQUIRED',
} as const satisfies Record<string, AccessReason>

/** Why a membership gives no access: a payment failed, it ended or is paused, or it never started. */
export type ClosedState = keyof typeof lockReasons

interface StatusAccess {
  /** A short phrase for the documents. */
  readonly meaning: string
  /** The columns with the exclusive end of access. The first that is set counts. Empty: no access. */
  readonly opensUntil: readonly ('graceEndsAt' | 'currentPeriodEnd')[]
  /** Whether the membership gives access if none of these columns is set. */
  readonly withoutEnd: 'open' | 'closed'
  /** The state of a membership with this status that gives no access. */
  readonly whenClosed: ClosedState
  /** Whether a paid membership with this status is held: a member holds one at most, and cannot buy another (`membership_one_paid`). */
  readonly held: boolean
}

/** The grace period covers a failed payment, and a payment whose event has not arrived yet. */
const running = {
  opensUntil: ['graceEndsAt', 'currentPeriodEnd'],
  withoutEnd: 'open',
  whenClosed: 'over',
  held: true,
} as const
const noAccess = { opensUntil: [], withoutEnd: 'closed' } as const

export const statuses: Readonly<Record<MembershipStatus, StatusAccess>> = {
  INCOMPLETE: { ...noAccess, meaning: 'The first payment has not succeeded', whenClosed: 'nothing', held: false },
  TRIALING: { ...running, meaning: 'In its trial' },
  ACTIVE: { ...running, meaning: 'Paid for or given, and running' },
  PAST_DUE: {
    meaning: 'A payment failed',
    opensUntil: ['graceEndsAt'],
    withoutEnd: 'closed',
    whenClosed: 'unpaid',
    held: true,
  },
  UNPAID: { ...noAccess, meaning: 'All attempts of a payment failed', whenClosed: 'unpaid', held: true },
  PAUSED: { ...noAccess, meaning: 'Paused', whenClosed: 'over', held: true },
  ENDED: { ...noAccess, meaning: 'Ended', whenClosed: 'over', held: false },
}

/** The statuses of a held paid membership, those that give access first. */
export const heldStatuses: readonly MembershipStatus[] = (Object.keys(statuses) as MembershipStatus[]).filter(
  (status) => statuses[status].held,
)

export const isHeld = (status: MembershipStatus): boolean => heldStatuses.includes(status)

/**
 * Returns which of a member's paid memberships counts: the held one, else one whose first payment has not succeeded.
 *
 * @returns null if all have ended
 */
export function countingMembership<T extends { readonly status: MembershipStatus }>(paid: readonly T[]): T | null {
  return paid.find(({ status }) => isHeld(status)) ?? paid.find(({ status }) => status !== 'ENDED') ?? null
}

interface Transition {
  /** Null if the membership is new. */
  readonly from: MembershipStatus | null
  readonly to: MembershipStatus
  /** The cause, for the documents. */
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

/** All possible transitions. They follow those of Stripe: https://docs.stripe.com/billing/subscriptions/overview */
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
 * Returns whether a membership can reach a status by one or several transitions. Events of the steps between may be missing or late.
 *
 * @param from null if the membership is new
 */
export function mayBecome(from: MembershipStatus | null, to: MembershipStatus, source: MembershipSource): boolean {
  if (from === to) return true
  const reached = new Set<MembershipStatus | null>([from])
  // The loop also visits elements that are added during the iteration.
  for (const status of reached) {
    for (const step of transitions) if (step.from === status && step.sources.includes(source)) reached.add(step.to)
  }
  return reached.has(to)
}
