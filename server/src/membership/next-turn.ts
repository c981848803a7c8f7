import { stateOf } from './entitlement.ts'
import type { MembershipRow } from './types.ts'

/** Times have milliseconds. */
const justBefore = (instant: Date): Date => new Date(instant.getTime() - 1)

/**
 * The first instant after `now` at which mere time opens or closes something: a period or a grace ends, a membership begins.
 * Null: never. It asks `stateOf`, so that the two cannot disagree about what counts.
 *
 * @param memberships all that a member holds, in any order
 */
export function nextTurn(memberships: readonly MembershipRow[], now: Date): Date | null {
  const turns = memberships.flatMap((held) =>
    [held.startedAt, held.currentPeriodEnd, held.graceEndsAt].filter(
      (instant): instant is Date =>
        instant !== null && instant > now && stateOf(held, instant).kind !== stateOf(held, justBefore(instant)).kind,
    ),
  )
  return turns.reduce<Date | null>((first, turn) => (first === null || turn < first ? turn : first), null)
}
