import type { BillingInterval } from '../schema-types.ts'

/** The period that a payment or a gift covers. */
export type Interval = BillingInterval

export interface PriceRow {
  readonly amountMinor: number
  readonly currency: string
}

export interface PlanRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly description: string
  readonly onSale: boolean
  readonly monthly: PriceRow | null
  readonly yearly: PriceRow | null
  /** Benefits in display order, one line each. */
  readonly benefits: readonly string[]
  /** Free days before the first payment. 0 means no trial. */
  readonly trialDays: number
  /** Ids of all plans that it includes, directly or through another plan. The plan itself is not among them. */
  readonly includedPlanIds: ReadonlySet<string>
}

/** The terms of a discount code. They are fixed once the code exists. */
export interface PromotionTerms {
  readonly code: string
  /** Percent of the price; null if the discount is an amount. */
  readonly percentOff: number | null
  /** In the smallest unit of the currency; null if the discount is a percentage. */
  readonly amountOffMinor: number | null
  readonly currency: string | null
  readonly duration: 'ONCE' | 'REPEATING' | 'FOREVER'
  /** Number of months of a REPEATING discount; else null. */
  readonly months: number | null
  /** Exclusive end; null: no end. */
  readonly expiresAt: Date | null
}

export interface Promotion extends PromotionTerms {
  readonly active: boolean
  /** The id of its promotion code at the payment provider; null before the first `npm run billing:sync`. */
  readonly promotionCodeId: string | null
}
