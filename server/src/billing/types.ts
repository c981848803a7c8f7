import type { PlanChangeDirection } from '../schema-types.ts'
import type { Interval, PlanRow } from '../catalogue/index.ts'
import type { MembershipRow } from '../membership/index.ts'

/** The source of `Viewer.billing`. Its fields fetch the data of the provider one by one. */
export interface BillingModel {
  readonly customerId: string
  /** The subscription of the paid membership that has not ended, or null. */
  readonly subscription: SubscriptionRow | null
}

/** A subscription of the provider, as the ledger last stored it. */
export interface SubscriptionRow {
  readonly subscriptionId: string
  readonly customerId: string
  readonly providerStatus: string
  readonly membership: MembershipRow
  /** The price of one interval. */
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
  /** The end of the trial, or null if none is running. */
  readonly trialEndsAt: Date | null
  /** The subscription for the provider's preview of the amount due now, or null if the change is not immediate. */
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
