import type Stripe from 'stripe'
import { makeDiscount } from '../objects/promotions.ts'
import { refused } from '../problem.ts'
import type {
  CheckoutSession,
  Customer,
  Discount,
  InvoiceLine,
  PromotionCode,
  Subscription,
} from '../state/resources.ts'
import { change, type Provider } from '../state/provider.ts'
import { addIntervals } from './calendar.ts'

/** A coupon, directly or by its promotion code. */
export interface DiscountSource {
  readonly coupon: string
  readonly promotionCode: string | null
}

/** Whether a coupon can still be redeemed; Stripe answers it as `valid`. */
export function isValid(provider: Provider, coupon: Stripe.Coupon): boolean {
  const spent = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions
  const past = coupon.redeem_by !== null && coupon.redeem_by <= provider.clock.seconds()
  return !spent && !past
}

/**
 * A promotion code that may be used for an amount.
 *
 * @param customer null: somebody new
 * @throws StripeProblem 400 that says why not
 */
export function usableCode(
  provider: Provider,
  code: PromotionCode | undefined,
  customer: Customer | null,
  amount: number,
  currency: string,
): DiscountSource {
  const now = provider.clock.seconds()
  const coupon = provider.store.get('coupon', code?.promotion.coupon)
  const spent = code?.max_redemptions != null && code.times_redeemed >= code.max_redemptions
  const past = code?.expires_at != null && code.expires_at <= now
  if (!code?.active || !coupon || spent || past || !isValid(provider, coupon)) throw refused('This code is invalid.')
  if (code.customer !== null && code.customer !== customer?.id) throw refused('This code is invalid.')
  if (code.restrictions.first_time_transaction && customer && hasPaid(provider, customer))
    throw refused('This promotion code is for first-time customers only.')
  if (coupon.currency !== null && coupon.currency !== currency)
    throw refused('This code cannot be used for this currency.')
  if (code.restrictions.minimum_amount !== null && amount < code.restrictions.minimum_amount)
    throw refused('This code needs a larger amount.')
  return { coupon: coupon.id, promotionCode: code.id }
}

const hasPaid = ({ store }: Provider, customer: Customer): boolean =>
  store.all('charge').some((one) => one.customer === customer.id && one.paid)

/** Redeems a coupon for a subscription or, where that is null, for a payment that is made once. */
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

export function countRedemption(provider: Provider, source: DiscountSource): void {
  const coupon = provider.store.need('coupon', source.coupon)
  change(provider, 'coupon', coupon, { times_redeemed: coupon.times_redeemed + 1 })
  const code = provider.store.get('promotion_code', source.promotionCode)
  if (code) change(provider, 'promotion_code', code, { times_redeemed: code.times_redeemed + 1 })
}

/** The discounts of a subscription that count now. */
export function liveDiscounts(
  { store, clock }: Provider,
  subscription: Subscription,
): { id: string; coupon: Stripe.Coupon }[] {
  return subscription.discounts
    .map((id) => store.need('discount', id))
    .filter(({ end }) => end === null || end > clock.seconds())
    .map(({ id, source }) => ({ id, coupon: store.need('coupon', source.coupon) }))
}

/** What an amount is reduced by. */
export function reduction(coupon: Stripe.Coupon, amount: number): number {
  if (coupon.percent_off !== null) return Math.round((amount * coupon.percent_off) / 100)
  return amount > 0 ? Math.min(amount, coupon.amount_off ?? 0) : 0
}

/** The coupons of a checkout that are still there. */
export const couponsOf = ({ store }: Provider, discounts: CheckoutSession['discounts']): Stripe.Coupon[] =>
  discounts.flatMap(({ coupon }) => store.get('coupon', coupon) ?? [])

type DiscountedLine = Pick<InvoiceLine, 'amount' | 'discountable' | 'discounts' | 'discount_amounts'>

/** Applies discounts to lines, one after the other; an amount off is taken once, from line to line. */
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
