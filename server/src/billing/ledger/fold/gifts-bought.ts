import { intervalNamed, type Interval } from '../../../catalogue/index.ts'
import { reversedPayments } from './invoices.ts'
import type { LedgerEntry } from '../ledger-entry.ts'

/** A gift that was paid for. */
export interface BoughtGift {
  readonly sessionId: string
  readonly planId: string
  /** Null: unknown here. No gift is created, but one that is stored can still be voided. */
  readonly interval: Interval | null
  readonly amountMinor: number
  readonly currency: string
  readonly boughtAt: Date
  readonly reversedAt: Date | null
}

const settled = new Set(['checkout.session.completed', 'checkout.session.async_payment_succeeded'])

/**
 * Returns the gifts among a customer's checkouts. Their metadata can be trusted, because only this server creates sessions.
 *
 * @param pending receives the gifts that cannot be given, by event, with the reason
 */
export function boughtGifts(
  entries: readonly LedgerEntry[],
  isPlan: (planId: string) => boolean,
  pending: Map<string, string>,
): BoughtGift[] {
  const reversed = reversedPayments(entries)
  const gifts: BoughtGift[] = []
  const seen = new Set<string>()
  for (const entry of [...entries].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())) {
    const session = entry.object
    if (typeof session === 'string' || session.kind !== 'session') continue
    const { id: sessionId, metadata } = session
    const isGift = session.mode === 'payment' && metadata.get('gatepost_kind') === 'gift'
    if (!settled.has(entry.type) || !isGift || !session.isPaid || seen.has(sessionId)) continue
    seen.add(sessionId)
    const planId = metadata.get('gatepost_plan') ?? 'without a name'
    const intervalName = metadata.get('gatepost_interval') ?? 'without a name'
    const interval = intervalNamed(intervalName)
    if (!isPlan(planId)) {
      pending.set(entry.id, `a gift of the plan ${planId}, which does not exist here`)
      continue
    }
    if (interval === undefined)
      pending.set(entry.id, `a gift of the interval ${intervalName}, which does not exist here`)
    gifts.push({
      sessionId,
      planId,
      interval: interval ?? null,
      amountMinor: session.amountMinor ?? 0,
      currency: (session.currency ?? 'xxx').toUpperCase(),
      boughtAt: entry.occurredAt,
      reversedAt: (entry.paymentIntentId && reversed.get(entry.paymentIntentId)) || null,
    })
  }
  return gifts
}
