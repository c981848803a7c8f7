import { v7 as uuidv7 } from 'uuid'
import type { Database, Transaction } from '../db/index.ts'
import { badInput } from '../lib/errors.ts'
import type { Interval, PriceRow, PromotionTerms } from './types.ts'

/** Changes of a plan. Omitted fields keep their values. */
export interface PlanChanges {
  readonly slug: string
  readonly name?: string
  readonly description?: string
  readonly benefits?: readonly string[]
  readonly trialDays?: number
  /** Null removes the price. */
  readonly monthly?: PriceRow | null
  readonly yearly?: PriceRow | null
  /** The slugs of all plans that it includes. Replaces the previous list. */
  readonly includes?: readonly string[]
}

/**
 * Creates a plan, or changes the plan with this slug. Changes of the included plans are stored as history and take effect with the next
 * query.
 *
 * @throws BAD_USER_INPUT for a new plan without a name, an unknown included plan, a plan that includes itself, or prices in two
 *   currencies
 */
export async function setPlan(db: Database, changes: PlanChanges, now: Date): Promise<'created' | 'changed'> {
  const { slug, name, description, benefits, trialDays, monthly, yearly, includes } = changes
  return db.$transaction(async (tx) => {
    const known = await tx.plan.findUnique({ where: { slug }, select: { id: true } })
    if (!known && name === undefined) throw badInput(`There is no plan "${slug}". A new plan requires a name.`)
    const id = known?.id ?? uuidv7()
    const fields = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(benefits && { benefits: [...benefits] }),
      ...(trialDays !== undefined && { trialDays }),
    }
    const fresh = { id, slug, name: name ?? slug, description: '', createdAt: now }
    if (known) await tx.plan.update({ where: { id }, data: fields, select: { id: true } })
    else await tx.plan.create({ data: { ...fresh, ...fields }, select: { id: true } })
    if (monthly !== undefined) await setPrice(tx, id, 'MONTHLY', monthly)
    if (yearly !== undefined) await setPrice(tx, id, 'YEARLY', yearly)
    await refuseTwoCurrencies(tx, id)
    if (includes) await setInclusions(tx, { id, slug }, includes, now)
    return known ? 'changed' : 'created'
  })
}

async function setPrice(tx: Transaction, planId: string, interval: Interval, price: PriceRow | null): Promise<void> {
  await tx.planPrice.deleteMany({ where: { planId, interval } })
  if (price === null) return
  await tx.planPrice.create({ data: { planId, interval, ...price }, select: { planId: true } })
}

/** Refuses prices in two currencies. A subscription cannot change its currency, so it could not change its interval. */
async function refuseTwoCurrencies(tx: Transaction, planId: string): Promise<void> {
  const prices = await tx.planPrice.findMany({ where: { planId }, select: { currency: true } })
  if (new Set(prices.map(({ currency }) => currency)).size > 1) {
    throw badInput('The monthly and the yearly price must have the same currency.')
  }
}

async function setInclusions(
  tx: Transaction,
  { id: planId, slug }: { readonly id: string; readonly slug: string },
  slugs: readonly string[],
  now: Date,
): Promise<void> {
  if (slugs.includes(slug)) throw badInput('A plan cannot include itself.')
  const named = await tx.plan.findMany({ where: { slug: { in: [...slugs] } }, select: { id: true, slug: true } })
  const missing = slugs.find((wantedSlug) => !named.some((plan) => plan.slug === wantedSlug))
  if (missing !== undefined) throw badInput(`There is no plan "${missing}". Only existing plans can be included.`)
  const rows = await tx.planInclusion.findMany({
    where: { planId },
    select: { includedPlanId: true, included: true },
    orderBy: { validFrom: 'asc' },
  })
  // Ordered by time, so the latest row of each plan counts.
  const included = new Map(rows.map((row) => [row.includedPlanId, row.included]))
  const wanted = new Set(named.map(({ id }) => id))
  const changed = [...new Set([...wanted, ...included.keys()])].filter(
    (id) => wanted.has(id) !== (included.get(id) ?? false),
  )
  await tx.planInclusion.createMany({
    data: changed.map((includedPlanId) => ({
      planId,
      includedPlanId,
      validFrom: now,
      included: wanted.has(includedPlanId),
    })),
  })
}

/**
 * Takes a plan off sale, or puts it back on sale. Members who hold the plan keep it.
 *
 * @returns false if the plan already had this state
 * @throws BAD_USER_INPUT for an unknown plan
 */
export async function setArchived(db: Database, slug: string, archived: boolean, now: Date): Promise<boolean> {
  if ((await db.plan.count({ where: { slug } })) === 0) throw badInput(`There is no plan "${slug}".`)
  const { count } = await db.plan.updateMany({
    where: { slug, archivedAt: archived ? null : { not: null } },
    data: { archivedAt: archived ? now : null },
  })
  return count > 0
}

/** Stores the payment provider's ids of a promotion. */
export async function linkPromotion(
  db: Database,
  code: string,
  { promotionCodeId, couponId }: { readonly promotionCodeId: string; readonly couponId: string },
): Promise<void> {
  await db.promotion.updateMany({ where: { code }, data: { promotionCodeId, couponId } })
}

/**
 * Creates a promotion, or reactivates a retired one. The terms of a code are fixed: the provider does not change them either, and readers
 * who were told the code rely on them.
 *
 * @throws BAD_USER_INPUT for a code that exists with other terms
 */
export async function promote(db: Database, promotion: PromotionTerms, now: Date): Promise<'created' | 'reactivated'> {
  const { count } = await db.promotion.createMany({ data: [{ ...promotion, createdAt: now }], skipDuplicates: true })
  if (count > 0) return 'created'
  const { code, ...terms } = promotion
  const taken = await db.promotion.updateMany({ where: { code, ...terms }, data: { active: true } })
  if (taken.count > 0) return 'reactivated'
  throw badInput(`The code ${code} already exists with other terms. Choose another code.`)
}

/** Deactivates a promotion. Members who used its code keep the discount. @throws BAD_USER_INPUT for an unknown code */
export async function retirePromotion(db: Database, code: string): Promise<void> {
  const { count } = await db.promotion.updateMany({ where: { code }, data: { active: false } })
  if (count === 0) throw badInput(`There is no promotion ${code}.`)
}
