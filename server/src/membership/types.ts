import type { AccessReason, MembershipSource, MembershipStatus, Visibility } from '../graphql/resolver-types.ts'

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
  /** Every plan that it includes, directly or through another; not itself. */
  readonly includedPlanIds: ReadonlySet<string>
}

/** What an article asks of its readers. */
export interface Requirement {
  /** Of this version: a grant is for the text as it stands under it. */
  readonly id: string
  readonly visibility: Visibility
  /** The named plans; empty unless PLANS. */
  readonly planIds: readonly string[]
}

export interface MembershipRow {
  readonly id: string
  readonly planId: string
  readonly status: MembershipStatus
  readonly source: MembershipSource
  readonly startedAt: Date
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
}

/** The answer to "may I read it, and why". One object for each article and request, shown wherever it is asked for. */
export interface Access {
  readonly granted: boolean
  readonly reason: AccessReason
  /** On sale, cheapest first. */
  readonly requiredPlans: readonly PlanRow[]
  readonly until: Date | null
}
