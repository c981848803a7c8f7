import type { MembershipStatus } from '../../graphql/resolver-types.ts'
import type { PaidPeriod } from './invoices.ts'
import { asList, asObject, asReference, asSeconds, type Loose } from './ledger-entry.ts'

/** What a subscription of the provider makes of the membership that it pays for. */
export interface PaidMembership {
  readonly subscriptionId: string
  readonly providerStatus: string
  readonly priceId: string
  readonly planId: string
  readonly status: MembershipStatus
  readonly startedAt: Date
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
  /** The provider still runs it although its payment was taken back: to be cancelled there. */
  readonly toBeCancelled: boolean
  /** What we did not understand although we could act; null: nothing. */
  readonly note: string | null
}

/** What the provider calls a status, and what it is here (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
export const statusByProvider: Readonly<Record<string, MembershipStatus>> = {
  trialing: 'TRIALING',
  active: 'ACTIVE',
  past_due: 'PAST_DUE',
  unpaid: 'UNPAID',
  paused: 'PAUSED',
  incomplete: 'INCOMPLETE',
  incomplete_expired: 'ENDED',
  canceled: 'ENDED',
}

export interface Names {
  /** The plan of a price that we made; undefined for any other. */
  readonly planOfPrice: (priceId: string) => string | undefined
  readonly graceMilliseconds: number
}

/**
 * Reads a subscription. Pure.
 *
 * @param periods what was paid for, of any subscription
 * @returns a sentence instead, when it cannot be understood: then nothing changes
 */
export function paidMembership(
  subscription: Loose,
  periods: readonly PaidPeriod[],
  names: Names,
): PaidMembership | string {
  const subscriptionId = asReference(subscription.id)
  const item = asObject(asList(asObject(subscription.items)?.data)[0])
  const priceId = asReference(item?.price)
  const startedAt = asSeconds(subscription.start_date) ?? asSeconds(subscription.created)
  if (subscriptionId === null || priceId === null || startedAt === null)
    return 'a subscription without id, price or start'
  const planId = names.planOfPrice(priceId)
  if (planId === undefined) return `the price ${priceId} is none of ours: run billing:sync`

  const providerStatus = String(subscription.status)
  // A word that nobody knows opens nothing.
  const status = statusByProvider[providerStatus] ?? 'PAUSED'
  const period = { start: asSeconds(item?.current_period_start), end: asSeconds(item?.current_period_end) }
  const cancelAt = asSeconds(subscription.cancel_at)
  const ends = cancelAt !== null && (period.end === null || cancelAt < period.end) ? cancelAt : period.end
  const isOver = status === 'ENDED' || status === 'INCOMPLETE'
  if (!isOver && (period.start === null || ends === null || ends <= startedAt)) return 'a subscription without a period'

  const own = periods.filter((paid) => paid.subscriptionId === subscriptionId)
  // One, or one paid twice: a period ends where the next begins.
  const present = own.filter(({ start, end }) => period.start !== null && start <= period.start && period.start < end)
  const lostAt = takenBackAt(present)
  const cancelAtPeriodEnd =
    subscription.cancel_at_period_end === true || (cancelAt !== null && ends !== null && cancelAt <= ends)
  const common = {
    subscriptionId,
    providerStatus,
    priceId,
    planId,
    startedAt,
    currentPeriodEnd: ends !== null && ends > startedAt ? ends : null,
    cancelAtPeriodEnd,
    note: providerStatus in statusByProvider ? null : `the status ${providerStatus} is new to us`,
  }
  const over = overSince(subscription, status, startedAt, lostAt)
  if (over !== null) {
    const toBeCancelled = status !== 'ENDED' && lostAt !== null
    return { ...common, status: 'ENDED', graceEndsAt: null, endedAt: over, toBeCancelled }
  }
  // What was paid for before collection was paused stays open to its end, and not beyond.
  const paused = asObject(subscription.pause_collection) !== null && status !== 'INCOMPLETE'
  const shown = paused && present.length === 0 ? 'PAUSED' : status
  return {
    ...common,
    status: shown,
    graceEndsAt: graceEnd(shown, {
      ...common,
      renews: !cancelAtPeriodEnd && !paused,
      periodStart: period.start,
      own,
      grace: names.graceMilliseconds,
    }),
    endedAt: null,
    toBeCancelled: false,
  }
}

/** When the payment for the present period was taken back; null while one stands. */
function takenBackAt(present: readonly PaidPeriod[]): Date | null {
  return present.some((paid) => paid.takenBackAt === null) ? null : (present[0]?.takenBackAt ?? null)
}

function overSince(subscription: Loose, status: MembershipStatus, startedAt: Date, lostAt: Date | null): Date | null {
  if (status !== 'ENDED') return lostAt
  // What never was paid for never began.
  if (subscription.status === 'incomplete_expired') return startedAt
  const endedAt = asSeconds(subscription.ended_at) ?? asSeconds(subscription.canceled_at) ?? startedAt
  return lostAt !== null && lostAt < endedAt ? lostAt : endedAt
}

interface GraceFacts {
  readonly currentPeriodEnd: Date | null
  readonly renews: boolean
  readonly periodStart: Date | null
  readonly own: readonly PaidPeriod[]
  readonly grace: number
}

/**
 * The grace after a failed payment runs from the end of what was paid for. One that is to renew has it in advance: if the
 * news of the renewal is late, the reader who paid must not wait for it; if the renewal fails, the grace is the same.
 */
function graceEnd(
  status: MembershipStatus,
  { currentPeriodEnd, renews, periodStart, own, grace }: GraceFacts,
): Date | null {
  if (status === 'PAST_DUE') {
    const paid = own.filter(({ takenBackAt }) => takenBackAt === null).map(({ end }) => end.getTime())
    const paidThrough = Math.max(...paid, periodStart?.getTime() ?? 0)
    return new Date(paidThrough + grace)
  }
  const runs = status === 'ACTIVE' || status === 'TRIALING'
  return runs && renews && currentPeriodEnd !== null ? new Date(currentPeriodEnd.getTime() + grace) : null
}
