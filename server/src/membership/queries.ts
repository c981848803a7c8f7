import type { Queryable } from '../db/index.ts'
import type { MembershipRow } from './types.ts'

/** What a `MembershipRow` is read from. */
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

/** All that a member holds or held, the latest first. */
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

/** Whether a member ever had a plan's free days: they are once in a life, whatever became of them. */
export async function hadTrial(db: Queryable, memberId: string): Promise<boolean> {
  return (
    (await db.membershipChange.findFirst({ where: { memberId, status: 'TRIALING' }, select: { id: true } })) !== null
  )
}
