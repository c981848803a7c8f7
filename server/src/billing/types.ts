import type { PlanChangeDirection } from '../schema-types.ts'
import type { Interval, PlanRow } from '../catalogue/index.ts'
import type { MembershipRow } from '../membership/index.ts'

/** What `Viewer.billing` starts from; what the provider must be asked for is fetched field by field. */
export interface BillingModel {
  readonly customerId: string
  /** Of the paid membership that is not over; null: there is none. */
  readonly subscription: SubscriptionRow | null
}

/** A subscription of the provider, as the ledger last told it. */
export interface SubscriptionRow {
  readonly subscriptionId: string
  readonly customerId: string
  readonly providerStatus: string
  readonly membership: MembershipRow
  /** What is paid each time. */
  readonly interval: Interval
  readonly amountMinor: number
  readonly currency: string
  readonly scheduleId: string | null
  readonly next: { readonly planId: string; readonly interval: Interval; readonly at: Date } | null
}

export interface PlanChangeModel {
  readonly plan: PlanRow
  readonly interval: Interval
  readonly direction: PlanChangeDirection
  readonly at: Date
  /** Null: no free days run. */
  readonly trialEndsAt: Date | null
  /** Asks the provider; null when nothing is due now. */
  readonly subscription: SubscriptionRow | null
}

export interface GiftRow {
  readonly id: string
  readonly code: string
  readonly planId: string
  readonly interval: Interval
  readonly boughtAt: Date
  readonly redeemedAt: Date | null
  readonly voidedAt: Date | null
}
