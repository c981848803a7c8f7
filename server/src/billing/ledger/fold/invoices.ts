import { byObject, latestSnapshot } from './event-order.ts'
import type { LedgerEntry } from '../ledger-entry.ts'
import type { ProviderInvoice, ProviderInvoiceLine } from '../provider-objects.ts'

/** A period of a subscription that one invoice paid for. The end is exclusive. */
export interface PaidPeriod {
  readonly subscriptionId: string
  readonly start: Date
  readonly end: Date
  /** When the payment was refunded in full or reversed by a lost dispute, or null if it is valid. */
  readonly reversedAt: Date | null
}

/** The latest state of a subscription's invoice, with the state of its payment. */
export interface Bill {
  readonly subscriptionId: string
  readonly invoiceId: string
  /** The time of the latest snapshot. Orders invoices. */
  readonly occurredAt: Date
  readonly status: string | null
  readonly lines: readonly ProviderInvoiceLine[]
  readonly reversedAt: Date | null
}

/** Returns the payments that were refunded in full or reversed by a lost dispute, each with the time. */
export function reversedPayments(entries: readonly LedgerEntry[]): ReadonlyMap<string, Date> {
  const reversed = new Map<string, Date>()
  for (const entry of entries) {
    const { paymentIntentId, occurredAt } = entry
    if (paymentIntentId === null || !isReversed(entry)) continue
    const known = reversed.get(paymentIntentId)
    if (known === undefined || occurredAt < known) reversed.set(paymentIntentId, occurredAt)
  }
  return reversed
}

function isReversed({ object }: LedgerEntry): boolean {
  if (typeof object === 'string') return false
  return (object.kind === 'charge' && object.isRefunded) || (object.kind === 'dispute' && object.isLost)
}

/** Computes the invoices of subscriptions from the events of the invoices and of their payments. */
export function billsOf(entries: readonly LedgerEntry[]): Bill[] {
  const reversed = reversedPayments(entries)
  const payments = new Map<string, Date | null>()
  for (const { type, invoiceId, paymentIntentId } of entries) {
    if (type !== 'invoice_payment.paid' || invoiceId === null || paymentIntentId === null) continue
    const at = reversed.get(paymentIntentId) ?? null
    if (at !== null || !payments.has(invoiceId)) payments.set(invoiceId, at)
  }
  return [...byObject(entries, 'invoice.')].flatMap(([invoiceId, events]): Bill[] => {
    const parsed = events.filter((entry) => invoiceOf(entry) !== null)
    // A paid invoice stays paid, even if other events have the same second.
    const paid = parsed.filter((entry) => invoiceOf(entry)?.status === 'paid')
    const latest = latestSnapshot(paid.length > 0 ? paid : parsed)
    const invoice = latest && invoiceOf(latest)
    if (!latest || !invoice || invoice.subscriptionId === null) return []
    const { subscriptionId, status, lines } = invoice
    const reversedAt = payments.get(invoiceId) ?? null
    return [{ subscriptionId, invoiceId, occurredAt: latest.occurredAt, status, lines, reversedAt }]
  })
}

const invoiceOf = ({ object }: LedgerEntry): ProviderInvoice | null =>
  typeof object !== 'string' && object.kind === 'invoice' ? object : null

/** Returns the paid periods. */
export function paidPeriods(bills: readonly Bill[]): PaidPeriod[] {
  const periods = bills
    .filter(({ status }) => status === 'paid')
    .flatMap(({ subscriptionId, lines, reversedAt }) => {
      const whole = lines.filter(({ isProration, start, end }) => !isProration && start < end)
      const [last] = whole.sort((a, b) => b.end.getTime() - a.end.getTime())
      return last ? [{ subscriptionId, start: last.start, end: last.end, reversedAt }] : []
    })
  return periods.map((period) => ({ ...period, end: replacedAt(period, periods) ?? period.end }))
}

/**
 * Returns the start of a later period that began before this one's end, or null. A change of plan or interval starts a new
 * period.
 */
function replacedAt({ subscriptionId, start, end }: PaidPeriod, all: readonly PaidPeriod[]): Date | null {
  const later = all.filter(
    (other) => other.subscriptionId === subscriptionId && other.start > start && other.start < end,
  )
  return later.map((other) => other.start).sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}
