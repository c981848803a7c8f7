import type { Queryable } from '../db/index.ts'
import type { MembershipRow, Requirement } from './types.ts'

/** What articles ask for at an instant: of each the latest requirement that is valid by then. One statement. */
export async function requirementsByArticleIds(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<(Requirement & { articleId: string })[]> {
  return db.$queryRaw`
    SELECT latest.id, latest.article_id AS "articleId", latest.visibility,
      array_remove(array_agg(named.plan_id::text ORDER BY named.plan_id), NULL) AS "planIds"
    FROM (
      SELECT DISTINCT ON (article_id) id, article_id, visibility::text AS visibility
      FROM article_requirement
      WHERE article_id = ANY(${[...articleIds]}::uuid[]) AND valid_from <= ${now}
      ORDER BY article_id, valid_from DESC
    ) latest
    LEFT JOIN article_requirement_plan named ON named.requirement_id = latest.id
    GROUP BY latest.id, latest.article_id, latest.visibility`
}

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

/** Whether a member ever had a plan's free days: they are once in a life, whatever became of them. */
export async function hadTrial(db: Queryable, memberId: string): Promise<boolean> {
  return (
    (await db.membershipChange.findFirst({ where: { memberId, status: 'TRIALING' }, select: { id: true } })) !== null
  )
}
