import { byObject, latestSnapshot } from './latest.ts'
import { asList, asObject, asReference, asSeconds, objectOf, type LedgerEntry, type Loose } from './ledger-entry.ts'

/** A stretch of a subscription that was paid for by one invoice; its end is exclusive. */
export interface PaidPeriod {
  readonly subscriptionId: string
  readonly start: Date
  readonly end: Date
  /** When the payment was given back in full or taken back by the bank; null: it stands. */
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

function isTakenBack(entry: LedgerEntry): boolean {
  const object = objectOf(entry)
  if (entry.type === 'charge.dispute.closed') return object.status === 'lost'
  if (entry.type !== 'charge.refunded') return false
  const { amount, amount_refunded: refunded } = object
  // Part of it given back changes nothing.
  return typeof amount === 'number' && typeof refunded === 'number' && amount > 0 && refunded >= amount
}

/** What was paid for, from the invoices and from which payment paid which invoice. */
export function paidPeriods(entries: readonly LedgerEntry[]): PaidPeriod[] {
  const takenBack = paymentsTakenBack(entries)
  const payments = new Map<string, Date | null>()
  for (const { type, invoiceId, paymentIntentId } of entries) {
    if (type !== 'invoice_payment.paid' || invoiceId === null || paymentIntentId === null) continue
    const at = takenBack.get(paymentIntentId) ?? null
    if (at !== null || !payments.has(invoiceId)) payments.set(invoiceId, at)
  }
  const periods = [...byObject(entries, 'invoice.')].flatMap(([invoiceId, news]) => {
    // "Paid" is the last word on an invoice, whatever else of the same second arrives.
    const paid = news.filter((entry) => objectOf(entry).status === 'paid')
    const latest = latestSnapshot(paid)
    const period = latest && periodOf(objectOf(latest))
    return period ? [{ ...period, takenBackAt: payments.get(invoiceId) ?? null }] : []
  })
  return periods.map((period) => ({ ...period, end: replacedAt(period, periods) ?? period.end }))
}

/** When another period of the same subscription began before this one's end: who changed plan or interval began anew. */
function replacedAt({ subscriptionId, start, end }: PaidPeriod, all: readonly PaidPeriod[]): Date | null {
  const later = all.filter((one) => one.subscriptionId === subscriptionId && one.start > start && one.start < end)
  return later.map((one) => one.start).sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}

/** The period that an invoice is for; null when it settles a difference only. */
function periodOf(invoice: Loose): Omit<PaidPeriod, 'takenBackAt'> | null {
  const subscriptionId = asReference(asObject(asObject(invoice.parent)?.subscription_details)?.subscription)
  const lines = asList(asObject(invoice.lines)?.data)
    .map(asObject)
    .filter((line) => line !== null)
  const periods = lines.filter(isNoProration).flatMap((line) => {
    const period = asObject(line.period)
    const [start, end] = [asSeconds(period?.start), asSeconds(period?.end)]
    return start && end && start < end ? [{ start, end }] : []
  })
  const [first] = periods.sort((a, b) => b.end.getTime() - a.end.getTime())
  return subscriptionId !== null && first ? { subscriptionId, ...first } : null
}

function isNoProration(line: Loose): boolean {
  const parent = asObject(line.parent)
  const details = asObject(parent?.subscription_item_details) ?? asObject(parent?.invoice_item_details)
  return details?.proration !== true
}
