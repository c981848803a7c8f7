import type { Reader } from '../members/index.ts'
import { lockReasons, statuses, type ClosedState } from './states.ts'
import type { PlanRow } from '../catalogue/index.ts'
import type { Access, MembershipRow, Requirement } from './types.ts'

/** A requirement with the plans that satisfy it. */
export interface ResolvedRequirement extends Pick<Requirement, 'visibility'> {
  /** Ids of the plans that open the article, on sale or not. Holders of an archived plan keep their access. */
  readonly openedBy: ReadonlySet<string>
  /** The plans of `openedBy` that are on sale, cheapest first. */
  readonly requiredPlans: readonly PlanRow[]
}

/** The result of a decision that failed: locked. */
export const unavailable: Access = { granted: false, reason: 'UNAVAILABLE', requiredPlans: [], until: null }

/** The permission to write articles includes reading them. */
export const staffPermission = 'write:articles'

/**
 * Decides whether a reader may read an article's body, and why. Pure. The first matching line decides.
 *
 * @param requirement what the article requires
 * @param reader      anonymous, or a member with permissions
 * @param holdings    the reader's memberships, in any order
 * @param now         the instant of the request
 */
export function decideAccess(
  requirement: ResolvedRequirement,
  reader: Reader,
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
  if (reader.kind === 'anonymous') return locked('SIGN_IN_REQUIRED')
  if (reader.disabled) return locked('ACCOUNT_DISABLED')
  if (reader.permissions.has(staffPermission)) return granted('STAFF')
  if (visibility === 'MEMBERS') return granted('SIGNED_IN')

  const opening = holdings.filter(({ planId }) => requirement.openedBy.has(planId))
  const states = opening.map((held) => stateOf(held, now))
  if (states.some(({ kind }) => kind === 'live')) return granted('PLAN', endOfGrant(opening, now))
  const closed = closedStates.find((candidate) => states.some(({ kind }) => kind === candidate)) ?? 'nothing'
  return locked(lockReasons[closed])
}

const closedStates = Object.keys(lockReasons) as ClosedState[]

/** Whether a membership gives access at an instant (`live`, until an exclusive end or null for none), or else why it does not. */
type HoldingState = { readonly kind: 'live'; readonly until: Date | null } | { readonly kind: ClosedState }

/** Evaluates a membership at an instant by the table of states. Ends are exclusive. An unknown status gives no access. */
export function stateOf(held: MembershipRow, now: Date): HoldingState {
  // Not `startedAt > now`, which is false for an invalid date.
  if (!(held.startedAt <= now) || !Object.hasOwn(statuses, held.status)) return { kind: 'nothing' }
  const { opensUntil, withoutEnd, whenClosed } = statuses[held.status]
  const ends = opensUntil.map((end) => held[end]).filter((end) => end !== null)
  const [until] = ends
  // `now < until` is false for an invalid date.
  if (ends.length === 0 ? withoutEnd === 'open' : until !== undefined && now < until) {
    return { kind: 'live', until: until ?? null }
  }
  // A failed first payment and a gift voided before its start end the membership at or before its start.
  const neverStarted = held.endedAt !== null && held.endedAt <= held.startedAt
  return { kind: neverStarted ? 'nothing' : whenClosed }
}

/**
 * Returns when a membership ended, or null if it has not. A gift or a complimentary membership ends with its period without an event.
 * A later `endedAt` does not move that end.
 */
export function endOf({ endedAt, source, currentPeriodEnd }: MembershipRow, now: Date): Date | null {
  if (source === 'PAYMENT' || currentPeriodEnd === null || now < currentPeriodEnd) return endedAt
  return endedAt !== null && endedAt < currentPeriodEnd ? endedAt : currentPeriodEnd
}

/** Returns the first instant at which no membership gives access, or null if there is none. Memberships can follow each other. */
function endOfGrant(opening: readonly MembershipRow[], from: Date): Date | null {
  const live = opening.map((held) => stateOf(held, from)).find((state) => state.kind === 'live')
  if (!live) return from
  return live.until === null ? null : endOfGrant(opening, live.until)
}
