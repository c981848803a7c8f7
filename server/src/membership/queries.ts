import type { Queryable } from '../db/index.ts'
import type { StoredPlan } from './catalogue.ts'
import type { MembershipRow, PriceRow, Requirement } from './types.ts'

/** Every plan with its prices and, of each pair, the latest word on what it includes: three statements. */
export async function storedPlans(db: Queryable, now: Date): Promise<StoredPlan[]> {
  const [plans, inclusions] = await Promise.all([
    db.plan.findMany({
      select: {
        id: true,
        slug: true,
        name: true,
        description: true,
        archivedAt: true,
        prices: { select: { interval: true, amountMinor: true, currency: true } },
      },
    }),
    db.$queryRaw<{ planId: string; includedPlanId: string; included: boolean }[]>`
      SELECT DISTINCT ON (plan_id, included_plan_id)
        plan_id AS "planId", included_plan_id AS "includedPlanId", included
      FROM plan_inclusion WHERE valid_from <= ${now}
      ORDER BY plan_id, included_plan_id, valid_from DESC`,
  ])
  return plans.map(({ archivedAt, prices, ...plan }) => {
    const price = (interval: 'MONTHLY' | 'YEARLY'): PriceRow | null => {
      const found = prices.find((candidate) => candidate.interval === interval)
      return found ? { amountMinor: found.amountMinor, currency: found.currency } : null
    }
    return {
      ...plan,
      onSale: archivedAt === null || archivedAt > now,
      monthly: price('MONTHLY'),
      yearly: price('YEARLY'),
      directlyIncludes: inclusions
        .filter(({ planId, included }) => planId === plan.id && included)
        .map(({ includedPlanId }) => includedPlanId),
    }
  })
}

/** What articles ask for at an instant: of each the latest requirement that is valid by then. One statement. */
export async function requirementsByArticleIds(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<(Requirement & { articleId: string })[]> {
  return db.$queryRaw`
    SELECT latest.article_id AS "articleId", latest.visibility,
      array_remove(array_agg(named.plan_id::text ORDER BY named.plan_id), NULL) AS "planIds"
    FROM (
      SELECT DISTINCT ON (article_id) id, article_id, visibility::text AS visibility
      FROM article_requirement
      WHERE article_id = ANY(${[...articleIds]}::uuid[]) AND valid_from <= ${now}
      ORDER BY article_id, valid_from DESC
    ) latest
    LEFT JOIN article_requirement_plan named ON named.requirement_id = latest.id
    GROUP BY latest.article_id, latest.visibility`
}

const membershipRow = {
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
    select: membershipRow,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  })
}
