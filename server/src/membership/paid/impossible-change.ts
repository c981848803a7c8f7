import type { MembershipStatus } from '../../schema-types.ts'
import { mayBecome } from '../states.ts'
import type { MembershipRow } from '../types.ts'

/** A paid membership as the payment provider's news add up to it. */
export interface PaidMembership extends Omit<MembershipRow, 'source'> {
  readonly memberId: string
}

/** What the provider's news would make of a membership, and what cannot be: nothing was written. The message is for the log. */
export class ImpossibleChange extends Error {
  readonly reason: ImpossibleReason

  constructor(reason: ImpossibleReason, message: string) {
    super(message)
    this.name = 'ImpossibleChange'
    this.reason = reason
  }
}

export type ImpossibleReason =
  /** The table of states has no way from the one to the other. */
  | 'no transition'
  /** Its fields contradict each other. */
  | 'contradiction'
  /** The id is another member's membership, or one that was not paid for. */
  | 'not theirs'
  /** The member holds another paid membership that is not over. */
  | 'second paid'

/** Those that are a paid membership; of these a member has one. As in the index membership_one_paid. */
const held: ReadonlySet<string> = new Set<MembershipStatus>(['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED'])

export interface StoredMembership extends MembershipRow {
  readonly memberId: string
}

/**
 * Refuses what the database would refuse too, before it does: a refused statement would take the whole transaction with it.
 *
 * @param stored the row with this id, and the member's other paid ones
 * @throws ImpossibleChange
 */
export function refuseImpossible(paid: PaidMembership, stored: readonly StoredMembership[]): void {
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
  const other = stored.find(({ id, status }) => id !== paid.id && held.has(status))
  if (other && held.has(paid.status)) {
    throw new ImpossibleChange('second paid', `the member already has the paid membership ${other.id}`)
  }
}

/** The checks of the table `membership`, in words. Comparisons are said so that a time that is none contradicts. */
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
