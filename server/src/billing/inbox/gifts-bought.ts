import { asText, asObject, objectOf, type LedgerEntry } from './ledger-entry.ts'
import { paymentsTakenBack } from './invoices.ts'

/** A gift that was paid for. */
export interface BoughtGift {
  /** The event that told of it. */
  readonly newsId: string
  readonly sessionId: string
  readonly planId: string
  readonly interval: 'MONTHLY' | 'YEARLY'
  readonly amountMinor: number
  readonly currency: string
  readonly boughtAt: Date
  readonly takenBackAt: Date | null
}

const settled = new Set(['checkout.session.completed', 'checkout.session.async_payment_succeeded'])

/** The gifts among a customer's checkouts. Their metadata is our own: only the server makes sessions. */
export function boughtGifts(entries: readonly LedgerEntry[]): BoughtGift[] {
  const takenBack = paymentsTakenBack(entries)
  const gifts = new Map<string, BoughtGift>()
  for (const entry of [...entries].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())) {
    const session = objectOf(entry)
    const { gatepost_kind: kind, gatepost_plan: planId, gatepost_interval: interval } = asObject(session.metadata) ?? {}
    const sessionId = asText(session.id)
    const paid = session.payment_status === 'paid' || session.payment_status === 'no_payment_required'
    if (!settled.has(entry.type) || session.mode !== 'payment' || kind !== 'gift' || !paid) continue
    if (sessionId === null || gifts.has(sessionId)) continue
    gifts.set(sessionId, {
      newsId: entry.id,
      sessionId,
      planId: asText(planId) ?? 'without a name',
      interval: interval === 'YEARLY' ? 'YEARLY' : 'MONTHLY',
      amountMinor: typeof session.amount_total === 'number' ? session.amount_total : 0,
      currency: (asText(session.currency) ?? 'xxx').toUpperCase(),
      boughtAt: entry.occurredAt,
      takenBackAt: (entry.paymentIntentId && takenBack.get(entry.paymentIntentId)) || null,
    })
  }
  return [...gifts.values()]
}
