import { byObject, latestSnapshot } from './event-order.ts'
import type { LedgerEntry } from '../ledger-entry.ts'
import type { ProviderInvoice, ProviderInvoiceLine } from '../provider-objects.ts'

/** A stretch of a subscription that was paid for by one invoice; its end is exclusive. */
export interface PaidPeriod {
  readonly subscriptionId: string
  readonly start: Date
  readonly end: Date
  /** When the payment was given back in full or taken back by the bank; null: it stands. */
  readonly takenBackAt: Date | null
}

/** An invoice of a subscription as it stands, with what became of its payment. */
export interface Bill {
  readonly subscriptionId: string
  readonly invoiceId: string
  /** Of the snapshot that counts, for an order among invoices. */
  readonly occurredAt: Date
  readonly status: string | null
  readonly lines: readonly ProviderInvoiceLine[]
  readonly takenBackAt: Date | null
}

/** Payments that were given back in full or whose dispute was lost, each with when that was. */
export function paymentsTakenBack(entries: readonly LedgerEntry[]): ReadonlyMap<string, Date> {
  const takenBack = new Map<string, Date>()
  for (const entry of entries) {
    const { paymentIntentId, occurredAt } = entry
    if (paymentIntentId === null || !isTakenBack(entry)) continue
    const known = takenBack.get(paymentIntentId)
    if (known === undefined || occurredAt < known) takenBack.set(paymentIntentId, occurredAt)
  }
  return takenBack
}

function isTakenBack({ object }: LedgerEntry): boolean {
  if (typeof object === 'string') return false
  return (object.kind === 'charge' && object.isRefunded) || (object.kind === 'dispute' && object.isLost)
}

/** Collects the invoices of subscriptions from all that was said of them and of their payments. */
export function billsOf(entries: readonly LedgerEntry[]): Bill[] {
  const takenBack = paymentsTakenBack(entries)
  const payments = new Map<string, Date | null>()
  for (const { type, invoiceId, paymentIntentId } of entries) {
    if (type !== 'invoice_payment.paid' || invoiceId === null || paymentIntentId === null) continue
    const at = takenBack.get(paymentIntentId) ?? null
    if (at !== null || !payments.has(invoiceId)) payments.set(invoiceId, at)
  }
  return [...byObject(entries, 'invoice.')].flatMap(([invoiceId, news]): Bill[] => {
    const read = news.filter((entry) => invoiceOf(entry) !== null)
    // "Paid" is the last word on an invoice, whatever else of the same second arrives.
    const paid = read.filter((entry) => invoiceOf(entry)?.status === 'paid')
    const latest = latestSnapshot(paid.length > 0 ? paid : read)
    const invoice = latest && invoiceOf(latest)
    if (!latest || !invoice || invoice.subscriptionId === null) return []
    const { subscriptionId, status, lines } = invoice
    const takenBackAt = payments.get(invoiceId) ?? null
    return [{ subscriptionId, invoiceId, occurredAt: latest.occurredAt, status, lines, takenBackAt }]
  })
}

const invoiceOf = ({ object }: LedgerEntry): ProviderInvoice | null =>
  typeof object !== 'string' && object.kind === 'invoice' ? object : null

/** Returns what was paid for, by whole periods. */
export function paidPeriods(bills: readonly Bill[]): PaidPeriod[] {
  const periods = bills
    .filter(({ status }) => status === 'paid')
    .flatMap(({ subscriptionId, lines, takenBackAt }) => {
      const whole = lines.filter(({ isProration, start, end }) => !isProration && start < end)
      const [last] = whole.sort((a, b) => b.end.getTime() - a.end.getTime())
      return last ? [{ subscriptionId, start: last.start, end: last.end, takenBackAt }] : []
    })
  return periods.map((period) => ({ ...period, end: replacedAt(period, periods) ?? period.end }))
}

/** When another period of the same subscription began before this one's end: who changed plan or interval began anew. */
function replacedAt({ subscriptionId, start, end }: PaidPeriod, all: readonly PaidPeriod[]): Date | null {
  const later = all.filter((one) => one.subscriptionId === subscriptionId && one.start > start && one.start < end)
  return later.map((one) => one.start).sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}
