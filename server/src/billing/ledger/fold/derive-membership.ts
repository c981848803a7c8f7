import type { MembershipStatus } from '../../../schema-types.ts'
import type { ProviderTask } from '../../provider-tasks/index.ts'
import { paidPeriods, type Bill, type PaidPeriod } from './invoices.ts'
import { heldPrice, type HeldPrice } from './paid-price.ts'
import type { SubscriptionSnapshot } from '../provider-objects.ts'

/** The membership that a subscription of the provider pays for. */
export interface DerivedMembership {
  readonly subscriptionId: string
  readonly providerStatus: string
  /** The price that is paid for. It differs from the provider's if the payment for a change was refunded or reversed. */
  readonly priceId: string
  readonly planId: string
  readonly status: MembershipStatus
  readonly startedAt: Date
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
  /** The call that the provider needs because a payment was refunded or reversed, or null. */
  readonly task: ProviderTask | null
  /** A problem for people that does not prevent the derivation, or null. */
  readonly note: string | null
}

/** Maps the provider's statuses (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
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

export interface DerivationOptions {
  /** Returns the plan of a stored price, or undefined for an unknown price. */
  readonly planOfPrice: (priceId: string) => string | undefined
  readonly graceMilliseconds: number
}

/**
 * Derives a membership from a subscription and its invoices. Pure.
 *
 * @param bills the invoices of any subscriptions
 * @returns a description of the problem if the membership cannot be derived. Then nothing may change
 */
export function deriveMembership(
  subscription: SubscriptionSnapshot,
  bills: readonly Bill[],
  options: DerivationOptions,
): DerivedMembership | string {
  const { id: subscriptionId, status: providerStatus, startedAt, cancelAt } = subscription
  // An unknown status gives no access.
  const status = statusByProvider.get(providerStatus) ?? 'PAUSED'
  const period = { start: subscription.periodStart, end: subscription.periodEnd }
  const ends = cancelAt !== null && (period.end === null || cancelAt < period.end) ? cancelAt : period.end
  const isOver = status === 'ENDED' || status === 'INCOMPLETE'
  if (!isOver && (period.start === null || ends === null || ends <= startedAt)) return 'a subscription without a period'

  const ownBills = bills.filter((bill) => bill.subscriptionId === subscriptionId)
  const own = paidPeriods(ownBills)
  // Normally one period, because a period ends where the next begins. Several if a period was paid twice.
  const paidAt = (at: Date | null) => own.filter(({ start, end }) => at !== null && start <= at && at < end)
  const present = paidAt(period.start)
  const isOwing = status === 'PAST_DUE' || status === 'UNPAID'
  // If the present period is not paid, the grace follows the last paid period.
  const before = isOwing && present.length === 0 ? lastBefore(period.start, own) : null
  const held = heldIn(subscription, before ?? period, ownBills, isOwing)
  const lostAt = reversedAt(before ? paidAt(before.start) : present) ?? (held.priceId === null ? held.reversedAt : null)
  const priceId = held.priceId ?? subscription.priceId
  const planId = options.planOfPrice(priceId)
  if (planId === undefined) return `the price ${priceId} is unknown here: run npm run billing:sync`

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
  // A period that was paid before the collection was paused stays open to its end.
  const paused = subscription.isPaused && status !== 'INCOMPLETE'
  const effectiveStatus = paused && present.length === 0 ? 'PAUSED' : status
  return {
    ...common,
    status: effectiveStatus,
    graceEndsAt: graceEnd(effectiveStatus, {
      ...common,
      renews: !cancelAtPeriodEnd && !paused,
      periodStart: period.start,
      own,
      grace: options.graceMilliseconds,
    }),
    endedAt: null,
    // After a failed renewal the provider's price stays as it is, because the membership has it again once the renewal is paid.
    task: held.reversedAt !== null && before === null ? { kind: 'CHANGE_PRICE', priceId } : null,
  }
}

function lastBefore(at: Date | null, periods: readonly PaidPeriod[]): PaidPeriod | null {
  const before = periods.filter(({ start }) => at !== null && start < at)
  return before.sort((a, b) => a.end.getTime() - b.end.getTime()).at(-1) ?? null
}

/** Returns the price that is paid for in a period. */
function heldIn(
  { priceId, latestInvoiceId }: SubscriptionSnapshot,
  { start, end }: { readonly start: Date | null; readonly end: Date | null },
  bills: readonly Bill[],
  isOwing: boolean,
): HeldPrice {
  const latest = bills.find(({ invoiceId }) => invoiceId === latestInvoiceId)
  // The event of a change arrives before the event of its invoice. Until the invoice arrives, a repeated upgrade must not be
  // undone because the first one was refunded.
  const isInvoicePending = latestInvoiceId !== null && (!latest || ['draft', 'open'].includes(latest.status ?? 'draft'))
  if (start === null || end === null || (isInvoicePending && !isOwing)) return { priceId, reversedAt: null }
  return heldPrice(priceId, { start, end }, bills, isOwing)
}

/** Returns the time at which the payment for the present period was refunded or reversed. Null if a payment is valid. */
function reversedAt(present: readonly PaidPeriod[]): Date | null {
  return present.some((paid) => paid.reversedAt === null) ? null : (present[0]?.reversedAt ?? null)
}

/** Returns the time at which the membership ended, or null if it has not ended. */
function overSince(
  { status: providerStatus, endedAt, canceledAt }: SubscriptionSnapshot,
  status: MembershipStatus,
  startedAt: Date,
  lostAt: Date | null,
): Date | null {
  if (status !== 'ENDED') return lostAt
  // Without a first payment the membership never began.
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
 * Returns the end of the grace. After a failed payment it runs from the end of the last paid period. A membership that renews has its
 * grace in advance, so that a late event of the renewal does not lock out a reader who has paid.
 */
function graceEnd(
  status: MembershipStatus,
  { currentPeriodEnd, renews, periodStart, own, grace }: GraceFacts,
): Date | null {
  if (status === 'PAST_DUE') {
    const paid = own.filter(({ reversedAt }) => reversedAt === null).map(({ end }) => end.getTime())
    const paidThrough = Math.max(...paid, periodStart?.getTime() ?? 0)
    return new Date(paidThrough + grace)
  }
  const runs = status === 'ACTIVE' || status === 'TRIALING'
  return runs && renews && currentPeriodEnd !== null ? new Date(currentPeriodEnd.getTime() + grace) : null
}
