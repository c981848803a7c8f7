import type { Reader } from '../members/index.ts'
import { lockReasons, statuses, type Closed } from './states.ts'
import type { PlanRow } from '../catalogue/index.ts'
import type { Access, MembershipRow, Publisher, Requirement } from './types.ts'

/** What an article asks for, with its plan names looked up. */
export interface ResolvedRequirement extends Pick<Requirement, 'visibility'> {
  /** The plans that open it, on sale or not: who holds an archived plan keeps what it opens. */
  readonly openedBy: ReadonlySet<string>
  /** Those of them on sale, cheapest first. */
  readonly requiredPlans: readonly PlanRow[]
}

/** What could not be decided: locked, for now. */
export const unavailable: Access = { granted: false, reason: 'UNAVAILABLE', requiredPlans: [], until: null }

/** Whoever may write articles may read them. */
export const staffPermission = 'write:articles'

/**
 * Says whether a reader may read an article's body, and why. Pure; the order of its lines is the rule.
 *
 * @param requirement what the article asks for
 * @param reader      who asks: anonymous, a member with permissions, or the publisher's own command
 * @param holdings    the reader's memberships, any number, in any order
 * @param now         the one instant this request is judged at
 */
export function decideAccess(
  requirement: ResolvedRequirement,
  reader: Reader | Publisher,
  holdings: readonly MembershipRow[],
  now: Date,
): Access {
  const { visibility, requiredPlans } = requirement
  const granted = (reason: Access['reason'], until: Date | null = null): Access => ({
    granted: true,
    reason,
    requiredPlans,
    until,
  })
  const locked = (reason: Access['reason']): Access => ({ granted: false, reason, requiredPlans, until: null })

  if (visibility === 'PUBLIC') return granted('PUBLIC')
  if (reader.kind === 'publisher') return granted('STAFF')
  if (reader.kind === 'anonymous') return locked('SIGN_IN_REQUIRED')
  if (reader.disabled) return locked('ACCOUNT_DISABLED')
  if (reader.permissions.has(staffPermission)) return granted('STAFF')
  if (visibility === 'MEMBERS') return granted('SIGNED_IN')

  const opening = holdings.filter(({ planId }) => requirement.openedBy.has(planId))
  const states = opening.map((held) => stateOf(held, now))
  if (states.some(({ kind }) => kind === 'live')) return granted('PLAN', endOfGrant(opening, now))
  const why = closedKinds.find((closed) => states.some(({ kind }) => kind === closed)) ?? 'nothing'
  return locked(lockReasons[why])
}

const closedKinds = Object.keys(lockReasons) as Closed[]

/** What a membership is worth at an instant: `live` opens, `unpaid` and `over` say why not, `nothing` never was one. */
export type HoldingState = { readonly kind: 'live'; readonly until: Date | null } | { readonly kind: Closed }

/**
 * Reads what a membership is worth in the table of states. An end is exclusive: at that very instant it is over. A status that
 * nobody thought of opens nothing.
 */
export function stateOf(held: MembershipRow, now: Date): HoldingState {
  // Not `startedAt > now`: that would let in a time that is none.
  if (!(held.startedAt <= now) || !Object.hasOwn(statuses, held.status)) return { kind: 'nothing' }
  const { opensUntil, withoutEnd, closed } = statuses[held.status]
  const ends = opensUntil.map((end) => held[end]).filter((end) => end !== null)
  const [until] = ends
  // Without an end, or before it; an end that is no time is neither.
  if (ends.length === 0 ? withoutEnd === 'open' : until !== undefined && now < until) {
    return { kind: 'live', until: until ?? null }
  }
  // What ended as it began never was one: a first payment that did not come through, a gift taken back before it ran.
  const neverWas = held.endedAt !== null && held.endedAt <= held.startedAt
  return { kind: neverWas ? 'nothing' : closed }
}

/**
 * When a membership was over; null: it is not. Nobody sends word of the end of one that nobody pays for: time ends it, and
 * what is written of it later does not end it later.
 */
export function endOf({ endedAt, source, currentPeriodEnd }: MembershipRow, now: Date): Date | null {
  if (source === 'PAYMENT' || currentPeriodEnd === null || now < currentPeriodEnd) return endedAt
  return endedAt !== null && endedAt < currentPeriodEnd ? endedAt : currentPeriodEnd
}

/** The first instant at which nothing is live: whatever has begun by the end of another carries on. Null: never. */
function endOfGrant(opening: readonly MembershipRow[], from: Date): Date | null {
  const live = opening.map((held) => stateOf(held, from)).find((state) => state.kind === 'live')
  if (!live) return from
  return live.until === null ? null : endOfGrant(opening, live.until)
}
