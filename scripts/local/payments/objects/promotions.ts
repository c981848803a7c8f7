import type Stripe from 'stripe'
import { newId, randomText } from '../state/ids.ts'
import type { Discount, PromotionCode } from '../state/resources.ts'

interface CouponFields {
  readonly amountOff: number | null
  readonly currency: string | null
  readonly percentOff: number | null
  readonly duration: Stripe.Coupon.Duration
  readonly durationInMonths: number | null
  readonly name: string | null
  readonly metadata: Record<string, string>
  readonly created: number
}

export const makeCoupon = (fields: CouponFields) =>
  ({
    id: randomText(8),
    object: 'coupon',
    amount_off: fields.amountOff,
    created: fields.created,
    currency: fields.currency,
    duration: fields.duration,
    duration_in_months: fields.durationInMonths,
    livemode: false,
    max_redemptions: null,
    metadata: fields.metadata,
    name: fields.name,
    percent_off: fields.percentOff,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  }) satisfies Stripe.Coupon

interface PromotionCodeFields {
  readonly code: string
  readonly coupon: string
  readonly expiresAt: number | null
  readonly metadata: Record<string, string>
  readonly created: number
}

export const makePromotionCode = (fields: PromotionCodeFields): PromotionCode => ({
  id: newId('promo'),
  object: 'promotion_code',
  active: true,
  code: fields.code,
  created: fields.created,
  customer: null,
  customer_account: null,
  expires_at: fields.expiresAt,
  livemode: false,
  max_redemptions: null,
  metadata: fields.metadata,
  promotion: { coupon: fields.coupon, type: 'coupon' },
  restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
  times_redeemed: 0,
})

interface DiscountFields {
  readonly coupon: string
  readonly promotionCode: string | null
  readonly customer: string
  /** Null: for a single payment. */
  readonly subscription: string | null
  readonly checkoutSession: string | null
  readonly start: number
  readonly end: number | null
}

export const makeDiscount = (fields: DiscountFields): Discount => ({
  id: newId('di'),
  object: 'discount',
  checkout_session: fields.checkoutSession,
  customer: fields.customer,
  customer_account: null,
  end: fields.end,
  invoice: null,
  invoice_item: null,
  promotion_code: fields.promotionCode,
  source: { coupon: fields.coupon, type: 'coupon' },
  start: fields.start,
  subscription: fields.subscription,
  subscription_item: null,
})
