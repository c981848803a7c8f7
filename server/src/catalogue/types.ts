import type { BillingInterval } from '../schema-types.ts'

/** How long a payment or a gift lasts. */
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
  /** What one gets, a line each. */
  readonly benefits: readonly string[]
  /** Free days before the first payment; 0: none. */
  readonly trialDays: number
  /** Every plan that it includes, directly or through another; not itself. */
  readonly includedPlanIds: ReadonlySet<string>
}
