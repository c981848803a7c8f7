import { stateOf } from '../entitlement.ts'
import type { MembershipRow } from '../types.ts'

/** Stored times have a precision of milliseconds. */
const justBefore = (instant: Date): Date => new Date(instant.getTime() - 1)

/**
 * Returns the first instant after `now` at which a membership opens or closes without an event: it starts, its period ends or its
 * grace period ends. It calls `stateOf`, so the two cannot disagree.
 *
 * @param memberships all memberships of a member, in any order
 * @returns null if no such instant is known
 */
export function nextBoundaryAt(memberships: readonly MembershipRow[], now: Date): Date | null {
  const boundaries = memberships.flatMap((held) =>
    [held.startedAt, held.currentPeriodEnd, held.graceEndsAt].filter(
      (instant): instant is Date =>
        instant !== null && instant > now && stateOf(held, instant).kind !== stateOf(held, justBefore(instant)).kind,
    ),
  )
  return boundaries.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null)
}
