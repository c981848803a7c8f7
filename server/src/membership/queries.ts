import type { Queryable } from '../db/index.ts'
import type { MembershipRow } from './types.ts'

/** The columns of a `MembershipRow`. */
export const membershipColumns = {
  id: true,
  planId: true,
  status: true,
  source: true,
  startedAt: true,
  currentPeriodEnd: true,
  cancelAtPeriodEnd: true,
  graceEndsAt: true,
  endedAt: true,
} as const

/** Returns all memberships of a member, including ended ones, latest start first. */
export async function membershipsOf(db: Queryable, memberId: string): Promise<MembershipRow[]> {
  return db.membership.findMany({
    where: { memberId },
    select: membershipColumns,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  })
}

/** Returns memberships by their ids, in any order. */
export async function membershipsByIds(db: Queryable, ids: readonly string[]): Promise<MembershipRow[]> {
  return db.membership.findMany({ where: { id: { in: [...ids] } }, select: membershipColumns })
}

/** Returns whether a member ever had a trial. Each member has one at most. */
export async function hadTrial(db: Queryable, memberId: string): Promise<boolean> {
  return (
    (await db.membershipChange.findFirst({ where: { memberId, status: 'TRIALING' }, select: { id: true } })) !== null
  )
}
