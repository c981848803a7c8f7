import type { Queryable } from '../db/index.ts'
import { badInput } from '../lib/errors.ts'
import { choiceOf, type StoredPlan } from './catalogue.ts'
import type { Promotion } from './types.ts'

/**
 * Returns all plans with their prices and the plans that they include at `now`. A single statement, so the result is consistent.
 *
 * @param madeBy only plans created up to this instant; null: all plans
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

export interface PlanName {
  readonly id: string
  readonly slug: string
}

/** Returns the ids and slugs of all plans, on sale or not, by slug. */
export async function planNames(db: Queryable): Promise<PlanName[]> {
  return db.plan.findMany({ select: { id: true, slug: true }, orderBy: { slug: 'asc' } })
}

/** Returns a plan by its slug, on sale or not. @throws BAD_USER_INPUT for an unknown slug, with the slugs that exist */
export async function planBySlug(db: Queryable, slug: string): Promise<PlanName> {
  const plans = await planNames(db)
  const plan = plans.find((candidate) => candidate.slug === slug)
  if (plan) return plan
  throw badInput(`There is no plan "${slug}". ${choiceOf(plans)}`)
}

/** Returns all promotions, by code. */
export async function promotions(db: Queryable): Promise<Promotion[]> {
  return db.promotion.findMany({
    select: {
      code: true,
      percentOff: true,
      amountOffMinor: true,
      currency: true,
      duration: true,
      months: true,
      expiresAt: true,
      active: true,
      promotionCodeId: true,
    },
    orderBy: { code: 'asc' },
  })
}
