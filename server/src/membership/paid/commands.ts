import type { Transaction } from '../../db/index.ts'
import { CodedError } from '../../lib/errors.ts'
import { lockMember } from '../../members/index.ts'
import { membershipColumns } from '../queries.ts'
import { assertPossible, type PaidMembership } from './impossible-change.ts'

/**
 * Saves a paid membership that was computed from the provider's events. Inserts it, or updates it if it differs. Changes of a member's
 * paid memberships are serialised.
 *
 * @param paid  the new state; a subscription of the provider has the same membership id in each call
 * @param cause the event that caused the change, for the history
 * @param now   business time; if the last change has a later time, from a clock that is ahead, that time is used, so that the history
 *              stays in order
 * @returns whether a row was written
 * @throws ImpossibleChange before anything is written
 * @throws CONFLICT if a concurrent transaction inserted the same membership; retry the transaction
 */
export async function savePaidMembership(
  tx: Transaction,
  paid: PaidMembership,
  cause: string,
  now: Date,
): Promise<boolean> {
  const { id, memberId } = paid
  const state = stateIn(paid)
  const known = await tx.membership.findUnique({
    where: { id, memberId, source: 'PAYMENT' },
    select: membershipColumns,
  })
  if (known && isSame(state, stateIn(known))) return false
  await lockMember(tx, memberId)
  const stored = await tx.membership.findMany({
    where: { OR: [{ id }, { memberId, source: 'PAYMENT' }] },
    select: { ...membershipColumns, memberId: true, changedAt: true },
  })
  assertPossible(paid, stored)
  const before = stored.find((row) => row.id === id)
  if (!before) {
    const { count } = await tx.membership.createMany({
      data: [{ id, memberId, source: 'PAYMENT', ...state, changedAt: now, changeCause: cause }],
      skipDuplicates: true,
    })
    if (count === 0) throw new CodedError('CONFLICT', 'The membership was changed by another request. Try again.')
    return true
  }
  if (isSame(state, stateIn(before))) return false
  const changedAt = before.changedAt > now ? before.changedAt : now
  await tx.membership.update({ where: { id }, data: { ...state, changedAt, changeCause: cause }, select: { id: true } })
  return true
}

type State = Omit<PaidMembership, 'id' | 'memberId'>

/** Returns only the fields that can change. */
const stateIn = (row: State): State => ({
  planId: row.planId,
  status: row.status,
  startedAt: row.startedAt,
  currentPeriodEnd: row.currentPeriodEnd,
  cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  graceEndsAt: row.graceEndsAt,
  endedAt: row.endedAt,
})

/** Compares as JSON, because two Date objects of the same instant are not identical. */
const isSame = (a: State, b: State): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Ends a gift's membership now, because its payment was refunded or disputed.
 *
 * @returns false if it had ended already, or is not a gift
 */
export async function voidGiftMembership(
  tx: Transaction,
  membershipId: string,
  cause: string,
  now: Date,
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE membership
    SET status = 'ENDED', ended_at = ${now}, grace_ends_at = NULL,
      changed_at = GREATEST(changed_at, ${now}), change_cause = ${cause}
    WHERE id = ${membershipId}::uuid AND source = 'GIFT' AND status <> 'ENDED'`
  return ended > 0
}
