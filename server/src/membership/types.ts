import type { PlanRow } from '../catalogue/index.ts'
import type { AccessReason, MembershipSource, MembershipStatus, Visibility } from '../schema-types.ts'

/** What an article asks of its readers. */
export interface Requirement {
  /** Of this version: a grant is for the text as it stands under it. */
  readonly id: string
  readonly visibility: Visibility
  /** The named plans; empty unless PLANS. */
  readonly planIds: readonly string[]
}

/** The person who runs the publisher's commands. They have the database's address and no account. */
export interface Publisher {
  readonly kind: 'publisher'
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

/** A membership as its history had it at an instant. */
export interface HoldingThen extends MembershipRow {
  readonly since: Date
  readonly cause: string
  readonly opened: boolean
}

/** The dates of an article, for the explanation of the past. */
export interface ArticleDates {
  readonly id: string
  readonly createdAt: Date
  /** As it is today: its changes are not recorded. Null: a draft. */
  readonly publishedAt: Date | null
}

/** Why somebody could or could not read an article at an instant of the past. */
export interface Explanation {
  readonly at: Date
  readonly summary: string
  readonly access: Access
  /** Null: the article did not exist or was not published. */
  readonly visibility: Visibility | null
  readonly plans: readonly PlanRow[]
  readonly disabled: boolean
  readonly holdings: readonly HoldingThen[]
}
