import type { MembershipStatus } from '../../../schema-types.ts'
import type { ProviderTask } from '../../provider-tasks/index.ts'
import { paidPeriods, type Bill, type PaidPeriod } from './invoices.ts'
import { heldPrice, type HeldPrice } from './paid-price.ts'
import type { ProviderSubscriptionNews } from '../provider-objects.ts'

/** What a subscription of the provider makes of the membership that it pays for. */
export interface DerivedMembership {
  readonly subscriptionId: string
  readonly providerStatus: string
  /** The price that is paid for, which may be another than the provider's: the payment for a change was taken back. */
  readonly priceId: string
  readonly planId: string
  readonly status: MembershipStatus
  readonly startedAt: Date
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
  /** What the provider still does although its payment was taken back; null: nothing. */
  readonly task: ProviderTask | null
  /** What we did not understand although we could act; null: nothing. */
  readonly note: string | null
}

/** What the provider calls a status, and what it is here (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
const statusByProvider: ReadonlyMap<string, MembershipStatus> = new Map([
  ['trialing', 'TRIALING'],
  ['active', 'ACTIVE'],
  ['past_due', 'PAST_DUE'],
  ['unpaid', 'UNPAID'],
  ['paused', 'PAUSED'],
  ['incomplete', 'INCOMPLETE'],
  ['incomplete_expired', 'ENDED'],
  ['canceled', 'ENDED'],
])

export interface Names {
  /** The plan of a price that we made; undefined for any other. */
  readonly planOfPrice: (priceId: string) => string | undefined
  readonly graceMilliseconds: number
}

/**
 * Reads a subscription. Pure.
 *
 * @param bills what was invoiced, of any subscription
 * @returns a sentence instead, when it cannot be understood: then nothing changes
 */
export function deriveMembership(
  subscription: ProviderSubscriptionNews,
  bills: readonly Bill[],
  names: Names,
): DerivedMembership | string {
  const { id: subscriptionId, status: providerStatus, startedAt, cancelAt } = subscription
  // A word that nobody knows opens nothing.
  const status = statusByProvider.get(providerStatus) ?? 'PAUSED'
  const period = { start: subscription.periodStart, end: subscription.periodEnd }
  const ends = cancelAt !== null && (period.end === null || cancelAt < period.end) ? cancelAt : period.end
  const isOver = status === 'ENDED' || status === 'INCOMPLETE'
  if (!isOver && (period.start === null || ends === null || ends <= startedAt)) return 'a subscription without a period'

  const ownBills = bills.filter((bill) => bill.subscriptionId === subscriptionId)
  const own = paidPeriods(ownBills)
  // One, or one paid twice: a period ends where the next begins.
  const paidAt = (at: Date | null) => own.filter(({ start, end }) => at !== null && start <= at && at < end)
  const present = paidAt(period.start)
  const isOwing = status === 'PAST_DUE' || status === 'UNPAID'
  // Nothing is paid for the present period yet: the grace rests on the last one that was.
  const before = isOwing && present.length === 0 ? lastBefore(period.start, own) : null
  const held = heldIn(subscription, before ?? period, ownBills, isOwing)
  const lostAt =
    takenBackAt(before ? paidAt(before.start) : present) ?? (held.priceId === null ? held.takenBackAt : null)
  const priceId = held.priceId ?? subscription.priceId
  const planId = names.planOfPrice(priceId)
  if (planId === undefined) return `the price ${priceId} is not one of ours: run npm run billing:sync`

  const cancelAtPeriodEnd = subscription.cancelAtPeriodEnd || (cancelAt !== null && ends !== null && cancelAt <= ends)
  const common = {
    subscriptionId,
    providerStatus,
    priceId,
    planId,
    startedAt,
    currentPeriodEnd: ends !== null && ends > startedAt ? ends : null,
    cancelAtPeriodEnd,
    note: statusByProvider.has(providerStatus) ? null : `the status ${providerStatus} is not known`,
  }
  const over = overSince(subscription, status, startedAt, lostAt)
  if (over !== null) {
    const task = status !== 'ENDED' && lostAt !== null ? ({ kind: 'CANCEL' } as const) : null
    return { ...common, status: 'ENDED', graceEndsAt: null, endedAt: over, task }
  }
  // What was paid for before collection was paused stays open to its end, and not beyond.
  const paused = subscription.isPaused && status !== 'INCOMPLETE'
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
    // A renewal that is owed is owed at the price of the change, which counts again once it is paid.
    task: held.takenBackAt !== null && before === null ? { kind: 'CHANGE_PRICE', priceId } : null,
  }
}

function lastBefore(at: Date | null, periods: readonly PaidPeriod[]): PaidPeriod | null {
  const before = periods.filter(({ start }) => at !== null && start < at)
  return before.sort((a, b) => a.end.getTime() - b.end.getTime()).at(-1) ?? null
}

/** The price that is paid for in a period. */
function heldIn(
  { priceId, latestInvoiceId }: ProviderSubscriptionNews,
  { start, end }: { readonly start: Date | null; readonly end: Date | null },
  bills: readonly Bill[],
  isOwing: boolean,
): HeldPrice {
  const latest = bills.find(({ invoiceId }) => invoiceId === latestInvoiceId)
  // The news of a change come before those of its invoice: an upgrade that is bought again must not be taken back for the first one.
  const isOnItsWay = latestInvoiceId !== null && (!latest || ['draft', 'open'].includes(latest.status ?? 'draft'))
  if (start === null || end === null || (isOnItsWay && !isOwing)) return { priceId, takenBackAt: null }
  return heldPrice(priceId, { start, end }, bills, isOwing)
}

/** When the payment for the present period was taken back; null while one stands. */
function takenBackAt(present: readonly PaidPeriod[]): Date | null {
  return present.some((paid) => paid.takenBackAt === null) ? null : (present[0]?.takenBackAt ?? null)
}

function overSince(
  { status: providerStatus, endedAt, canceledAt }: ProviderSubscriptionNews,
  status: MembershipStatus,
  startedAt: Date,
  lostAt: Date | null,
): Date | null {
  if (status !== 'ENDED') return lostAt
  // What never was paid for never began.
  if (providerStatus === 'incomplete_expired') return startedAt
  const end = endedAt ?? canceledAt ?? startedAt
  return lostAt !== null && lostAt < end ? lostAt : end
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
