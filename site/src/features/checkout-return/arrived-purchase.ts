import type { CheckoutReturnStage } from './checkout-return-words.ts'

/** A purchase that has arrived, as it was when it arrived, and the return from checkout that it belongs to. */
export interface ArrivedPurchase<Return, Gift> {
  readonly checkoutReturn: Return
  readonly gift: Gift | null
  readonly name: string | null
}

export interface CurrentPurchase<Return, Gift> {
  /** The return from checkout, compared by identity; null if there is none. */
  readonly checkoutReturn: Return | null
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
export function keepArrivedPurchase<Return, Gift>(
  before: ArrivedPurchase<Return, Gift> | null,
  { checkoutReturn, stage, gift, name }: CurrentPurchase<Return, Gift>,
): ArrivedPurchase<Return, Gift> | null {
  if (checkoutReturn === null) return null
  if (before?.checkoutReturn === checkoutReturn) return before
  return stage === 'arrived' ? { checkoutReturn, gift, name } : null
}
