import type { Interval } from '../../../catalogue/index.ts'
import { reversedPayments } from './invoices.ts'
import type { LedgerEntry } from '../ledger-entry.ts'

/** A gift that was paid for. */
export interface BoughtGift {
  /** The event of the payment. */
  readonly eventId: string
  readonly sessionId: string
  readonly planId: string
  readonly interval: Interval
  readonly amountMinor: number
  readonly currency: string
  readonly boughtAt: Date
  readonly reversedAt: Date | null
}

const settled = new Set(['checkout.session.completed', 'checkout.session.async_payment_succeeded'])

/** Returns the gifts among a customer's checkouts. Their metadata can be trusted, because only this server creates sessions. */
export function boughtGifts(entries: readonly LedgerEntry[]): BoughtGift[] {
  const reversed = reversedPayments(entries)
  const gifts = new Map<string, BoughtGift>()
  for (const entry of [...entries].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())) {
    const session = entry.object
    if (typeof session === 'string' || session.kind !== 'session') continue
    const { id: sessionId, metadata } = session
    const isGift = session.mode === 'payment' && metadata.get('gatepost_kind') === 'gift'
    if (!settled.has(entry.type) || !isGift || !session.isPaid || gifts.has(sessionId)) continue
    gifts.set(sessionId, {
      eventId: entry.id,
      sessionId,
      planId: metadata.get('gatepost_plan') ?? 'without a name',
      interval: metadata.get('gatepost_interval') === 'YEARLY' ? 'YEARLY' : 'MONTHLY',
      amountMinor: session.amountMinor ?? 0,
      currency: (session.currency ?? 'xxx').toUpperCase(),
      boughtAt: entry.occurredAt,
      reversedAt: (entry.paymentIntentId && reversed.get(entry.paymentIntentId)) || null,
    })
  }
  return [...gifts.values()]
}
