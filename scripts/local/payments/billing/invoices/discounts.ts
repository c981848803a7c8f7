import type Stripe from 'stripe'
import { makeDiscount } from '../../objects/promotions.ts'
import { refused } from '../../problem.ts'
import type { CheckoutSession, Discount, InvoiceLine, PromotionCode, Subscription } from '../../state/resources.ts'
import { change, type Provider } from '../../state/provider.ts'
import { addIntervals } from '../calendar.ts'

/** A coupon and the promotion code that gives it. */
export interface DiscountSource {
  readonly coupon: string
  readonly promotionCode: string
}

/** Returns whether a coupon can still be redeemed: the value of Stripe's `valid`. */
export const isValid = ({ max_redemptions: max, times_redeemed }: Stripe.Coupon): boolean =>
  max === null || times_redeemed < max

/**
 * Checks whether a promotion code can be used for a payment.
 *
 * @throws StripeProblem 400 with the reason
 */
export function usableCode(
  { store, clock }: Provider,
  code: PromotionCode | undefined,
  currency: string,
): DiscountSource {
  const coupon = store.get('coupon', code?.promotion.coupon)
  const isOver = code?.expires_at != null && code.expires_at <= clock.seconds()
  if (!code?.active || !coupon || isOver || !isValid(coupon)) throw refused('This code is invalid.')
  if (coupon.currency !== null && coupon.currency !== currency)
    throw refused('This code cannot be used for this currency.')
  return { coupon: coupon.id, promotionCode: code.id }
}

/** Redeems a coupon for a subscription or, if `subscription` is null, for a single payment. */
export function redeem(
  provider: Provider,
  source: DiscountSource,
  { customer, subscription }: { readonly customer: string; readonly subscription: string | null },
  session: string | null,
): Discount {
  const { store, clock } = provider
  const coupon = store.need('coupon', source.coupon)
  const start = clock.seconds()
  const months = { interval: 'month', interval_count: 1 }
  countRedemption(provider, source)
  return store.put(
    'discount',
    makeDiscount({
      coupon: coupon.id,
      promotionCode: source.promotionCode,
      customer,
      subscription,
      checkoutSession: session,
      start,
      end: coupon.duration === 'repeating' ? addIntervals(start, months, coupon.duration_in_months ?? 1) : null,
    }),
  )
}

/** Counts a redemption of the coupon and of the code. */
export function countRedemption(provider: Provider, source: DiscountSource): void {
  const coupon = provider.store.need('coupon', source.coupon)
  change(provider, 'coupon', coupon, { times_redeemed: coupon.times_redeemed + 1 })
  const code = provider.store.get('promotion_code', source.promotionCode)
  if (code) change(provider, 'promotion_code', code, { times_redeemed: code.times_redeemed + 1 })
}

/** Returns the discounts of a subscription that are in effect now. */
export function liveDiscounts(
  { store, clock }: Provider,
  subscription: Subscription,
): { id: string; coupon: Stripe.Coupon }[] {
  return subscription.discounts
    .map((id) => store.need('discount', id))
    .filter(({ end }) => end === null || end > clock.seconds())
    .map(({ id, source }) => ({ id, coupon: store.need('coupon', source.coupon) }))
}

/** Returns the reduction of an amount. */
function reduction(coupon: Stripe.Coupon, amount: number): number {
  if (coupon.percent_off !== null) return Math.round((amount * coupon.percent_off) / 100)
  return amount > 0 ? Math.min(amount, coupon.amount_off ?? 0) : 0
}

/** Returns the coupons of a checkout session, without deleted ones. */
export const couponsOf = ({ store }: Provider, discounts: CheckoutSession['discounts']): Stripe.Coupon[] =>
  discounts.flatMap(({ coupon }) => store.get('coupon', coupon) ?? [])

type DiscountedLine = Pick<InvoiceLine, 'amount' | 'discountable' | 'discounts' | 'discount_amounts'>

/** Applies discounts to lines, one after the other. A discount of a fixed amount is applied once, across the lines. */
export function discountLines<Line extends DiscountedLine>(
  lines: readonly Line[],
  discounts: readonly { id: string; coupon: Stripe.Coupon }[],
): { lines: Line[]; amounts: { amount: number; discount: string }[] } {
  let result = [...lines]
  const amounts = discounts.map(({ id, coupon }) => {
    let left = coupon.amount_off ?? Infinity
    let sum = 0
    result = result.map((line) => {
      if (!line.discountable) return line
      const net = line.amount - line.discount_amounts.reduce((total, one) => total + one.amount, 0)
      const amount = Math.min(reduction(coupon, net), left)
      if (amount === 0) return line
      left -= amount
      sum += amount
      return {
        ...line,
        discounts: [...line.discounts, id],
        discount_amounts: [...line.discount_amounts, { amount, discount: id }],
      }
    })
    return { amount: sum, discount: id }
  })
  return { lines: result, amounts }
}
