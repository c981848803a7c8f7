import type { Queryable } from '../db/index.ts'
import type { StoredPlan } from './catalogue.ts'
import type { MembershipRow, Requirement } from './types.ts'

/**
 * Every plan with its prices and, of each pair, the latest word on what it includes. One statement, so one moment's truth.
 *
 * @param madeBy only plans that there were at an instant of the past; null: all of them
 */
export async function storedPlans(db: Queryable, now: Date, madeBy: Date | null = null): Promise<StoredPlan[]> {
  return db.$queryRaw`
    SELECT plan.id, plan.slug, plan.name, plan.description, plan.benefits, plan.trial_days AS "trialDays",
      plan.archived_at IS NULL OR plan.archived_at > ${now} AS "onSale",
      (SELECT json_build_object('amountMinor', amount_minor, 'currency', currency)
        FROM plan_price WHERE plan_id = plan.id AND "interval" = 'MONTHLY') AS monthly,
      (SELECT json_build_object('amountMinor', amount_minor, 'currency', currency)
        FROM plan_price WHERE plan_id = plan.id AND "interval" = 'YEARLY') AS yearly,
      ARRAY(
        SELECT latest.included_plan_id::text FROM (
          SELECT DISTINCT ON (included_plan_id) included_plan_id, included
          FROM plan_inclusion WHERE plan_id = plan.id AND valid_from <= ${now}
          ORDER BY included_plan_id, valid_from DESC
        ) latest WHERE latest.included
      ) AS "directlyIncludes"
    FROM plan
    WHERE ${madeBy}::timestamptz IS NULL OR plan.created_at <= ${madeBy}`
}

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
