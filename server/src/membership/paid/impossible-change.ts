import { isHeld, mayBecome } from '../states.ts'
import type { MembershipRow } from '../types.ts'

/** A paid membership, as computed from the payment provider's events. */
export interface PaidMembership extends Omit<MembershipRow, 'source'> {
  readonly memberId: string
}

/** The provider's events lead to a state that the database would refuse. Nothing was written. The message is for the log. */
export class ImpossibleChange extends Error {
  readonly reason: ImpossibleReason

  constructor(reason: ImpossibleReason, message: string) {
    super(message)
    this.name = 'ImpossibleChange'
    this.reason = reason
  }
}

type ImpossibleReason =
  /** The table of states has no transition to the new status. */
  | 'no transition'
  /** The fields contradict each other. */
  | 'contradiction'
  /** The id belongs to another member's membership, or to a gift or a complimentary membership. */
  | 'not theirs'
  /** The member has another paid membership that has not ended. */
  | 'second paid'

interface StoredMembership extends MembershipRow {
  readonly memberId: string
}

/**
 * Checks a change against the rules of the database before it is written. A statement that the database refuses would abort the whole
 * transaction.
 *
 * @param stored the row with this id, and the member's other paid memberships
 * @throws ImpossibleChange
 */
export function assertPossible(paid: PaidMembership, stored: readonly StoredMembership[]): void {
  const before = stored.find(({ id }) => id === paid.id) ?? null
  if (before && (before.memberId !== paid.memberId || before.source !== 'PAYMENT')) {
    throw new ImpossibleChange('not theirs', `the membership ${paid.id} belongs to another member, or was not paid for`)
  }
  const from = before?.status ?? null
  if (!mayBecome(from, paid.status, 'PAYMENT')) {
    throw new ImpossibleChange('no transition', `a membership cannot become ${paid.status} from ${from ?? 'nothing'}`)
  }
  const contradiction = contradictionIn(paid)
  if (contradiction !== null) throw new ImpossibleChange('contradiction', contradiction)
  const other = stored.find(({ id, status }) => id !== paid.id && isHeld(status))
  if (other && isHeld(paid.status)) {
    throw new ImpossibleChange('second paid', `the member already has the paid membership ${other.id}`)
  }
}

/** Returns the violated check of the table `membership`, or null. The comparisons are written so that an invalid date violates them. */
function contradictionIn(paid: PaidMembership): string | null {
  const { status, startedAt, currentPeriodEnd, cancelAtPeriodEnd, graceEndsAt, endedAt } = paid
  if (Number.isNaN(startedAt.getTime())) return 'the start is not a valid time'
  if (currentPeriodEnd !== null && !(currentPeriodEnd > startedAt)) return 'the period ends before its start'
  if (currentPeriodEnd === null && status !== 'INCOMPLETE' && status !== 'ENDED') return `${status} without an end`
  if ((status === 'ENDED') !== (endedAt !== null)) return `${status} and ${endedAt === null ? 'no end' : 'an end'}`
  if (endedAt !== null && Number.isNaN(endedAt.getTime())) return 'the end is not a valid time'
  if (graceEndsAt === null) return null
  if (Number.isNaN(graceEndsAt.getTime())) return 'the end of the grace period is not a valid time'
  if (status === 'PAST_DUE') return null
  if (status !== 'ACTIVE' && status !== 'TRIALING') return `${status} with a grace period`
  if (cancelAtPeriodEnd) return 'the membership has a grace period although it does not renew'
  return currentPeriodEnd !== null && graceEndsAt >= currentPeriodEnd ? null : 'the grace period ends before the period'
}
