import type { CheckoutReturnStage } from './checkout-return-words.ts'

/** A purchase that has arrived, as it was when it arrived, and the return from checkout that it belongs to. */
export interface ArrivedPurchase<Noted, Gift> {
  readonly noted: Noted
  readonly gift: Gift | null
  readonly name: string | null
}

export interface Seen<Noted, Gift> {
  /** The return from checkout, compared by identity; null if there is none. */
  readonly noted: Noted | null
  readonly stage: CheckoutReturnStage | null
  /** The gift that was bought and the name of the purchase, as they are now. */
  readonly gift: Gift | null
  readonly name: string | null
}

/**
 * Keeps a purchase as it was when it arrived. A later change, such as a failed renewal, is another event and does not change the notice.
 *
 * @param before the purchase that was kept until now
 * @returns the purchase to keep, which is `before` itself if nothing changed, or null if no purchase has arrived
 */
export function keepArrivedPurchase<Noted, Gift>(
  before: ArrivedPurchase<Noted, Gift> | null,
  { noted, stage, gift, name }: Seen<Noted, Gift>,
): ArrivedPurchase<Noted, Gift> | null {
  if (noted === null) return null
  if (before?.noted === noted) return before
  return stage === 'arrived' ? { noted, gift, name } : null
}
