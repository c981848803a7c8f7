import type { Transaction } from '../../db/index.ts'
import { CodedError } from '../../lib/errors.ts'
import { lockMember } from '../../members/index.ts'
import { membershipColumns } from '../queries.ts'
import { refuseImpossible, type PaidMembership } from './impossible-change.ts'

/**
 * Makes a paid membership what the payment provider's news add up to: writes its row, or changes it if anything differs. One
 * at a time works on what a member pays for.
 *
 * @param paid  its id is given: the same subscription of the provider is always the same membership
 * @param cause what made it so, for the history
 * @param now   business time; should an earlier change have been written by a clock that is ahead, that one's time counts, so
 *              that the history never runs backwards
 * @returns whether anything was written
 * @throws ImpossibleChange before anything is written
 * @throws CONFLICT when somebody else was writing the same: the transaction is to be tried again
 */
export async function putPaidMembership(
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
  refuseImpossible(paid, stored)
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

/** What may change, and nothing else that an object may carry. */
const stateIn = (row: State): State => ({
  planId: row.planId,
  status: row.status,
  startedAt: row.startedAt,
  currentPeriodEnd: row.currentPeriodEnd,
  cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  graceEndsAt: row.graceEndsAt,
  endedAt: row.endedAt,
})

/** Times as numbers: two objects of one instant are the same. */
const isSame = (a: State, b: State): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Ends a gift's membership now, because its payment was taken back. One that had not begun yet never was one.
 *
 * @returns false when it was over already, or is no gift
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
