import type Stripe from 'stripe'
import { newId, randomText } from '../state/ids.ts'
import type { Discount, PromotionCode } from '../state/resources.ts'

export interface CouponFields {
  readonly id?: string
  readonly amountOff: number | null
  readonly currency: string | null
  readonly percentOff: number | null
  readonly duration: Stripe.Coupon.Duration
  readonly durationInMonths: number | null
  readonly maxRedemptions: number | null
  readonly redeemBy: number | null
  readonly name: string | null
  readonly metadata: Record<string, string>
  readonly created: number
}

export const makeCoupon = (fields: CouponFields) =>
  ({
    id: fields.id ?? randomText(8),
    object: 'coupon',
    amount_off: fields.amountOff,
    created: fields.created,
    currency: fields.currency,
    duration: fields.duration,
    duration_in_months: fields.durationInMonths,
    livemode: false,
    max_redemptions: fields.maxRedemptions,
    metadata: fields.metadata,
    name: fields.name,
    percent_off: fields.percentOff,
    redeem_by: fields.redeemBy,
    times_redeemed: 0,
    valid: true,
  }) satisfies Stripe.Coupon

export interface PromotionCodeFields {
  readonly code: string
  readonly coupon: string
  readonly active: boolean
  readonly customer: string | null
  readonly expiresAt: number | null
  readonly maxRedemptions: number | null
  readonly metadata: Record<string, string>
  readonly restrictions: {
    readonly firstTime: boolean
    readonly minimumAmount: number | null
    readonly minimumAmountCurrency: string | null
  }
  readonly created: number
}

export const makePromotionCode = (fields: PromotionCodeFields): PromotionCode => ({
  id: newId('promo'),
  object: 'promotion_code',
  active: fields.active,
  code: fields.code,
  created: fields.created,
  customer: fields.customer,
  customer_account: null,
  expires_at: fields.expiresAt,
  livemode: false,
  max_redemptions: fields.maxRedemptions,
  metadata: fields.metadata,
  promotion: { coupon: fields.coupon, type: 'coupon' },
  restrictions: {
    first_time_transaction: fields.restrictions.firstTime,
    minimum_amount: fields.restrictions.minimumAmount,
    minimum_amount_currency: fields.restrictions.minimumAmountCurrency,
  },
  times_redeemed: 0,
})

export interface DiscountFields {
  readonly coupon: string
  readonly promotionCode: string | null
  readonly customer: string
  /** Null: of a payment that is made once. */
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
