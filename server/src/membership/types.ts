import type { PlanRow } from '../catalogue/index.ts'
import type { AccessReason, MembershipSource, MembershipStatus, Visibility } from '../schema-types.ts'

/** The requirement of an article. */
export interface Requirement {
  /** Id of this version. A grant is bound to it. */
  readonly id: string
  readonly visibility: Visibility
  /** Ids of the named plans. Empty unless the visibility is PLANS. */
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

/** The result of the access decision. One object for each article and request. */
export interface Access {
  readonly granted: boolean
  readonly reason: AccessReason
  /** Plans on sale that open the article, cheapest first. */
  readonly requiredPlans: readonly PlanRow[]
  readonly until: Date | null
}

/** A membership's recorded state at an instant. */
export interface HoldingThen extends MembershipRow {
  readonly since: Date
  readonly cause: string
  readonly opened: boolean
}

/** The dates of an article, for the explanation of the past. */
export interface ArticleDates {
  readonly id: string
  readonly createdAt: Date
  /** The present value, because publication times have no history. Null for a draft. */
  readonly publishedAt: Date | null
}

/** Why a member could or could not read an article at an instant in the past. */
export interface Explanation {
  readonly at: Date
  readonly summary: string
  readonly access: Access
  /** Null if the article did not exist or was not published. */
  readonly visibility: Visibility | null
  readonly plans: readonly PlanRow[]
  readonly disabled: boolean
  readonly holdings: readonly HoldingThen[]
}
