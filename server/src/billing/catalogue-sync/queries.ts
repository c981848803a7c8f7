import { intervals, priceAt, storedPlans, type Interval, type PriceRow } from '../../catalogue/index.ts'
import type { Queryable } from '../../db/index.ts'
import type { PlanToSync } from './plan-steps.ts'

/** Returns the ids of the products of all plans. */
export async function presentProducts(db: Queryable): Promise<string[]> {
  return (await db.billingProduct.findMany({ select: { productId: true } })).map(({ productId }) => productId)
}

interface SoldPrice extends PriceRow {
  readonly priceId: string
}

/** Returns the provider's price of a plan that is on sale, or null before `npm run billing:sync`. */
export async function priceOnSale(db: Queryable, planId: string, interval: Interval): Promise<SoldPrice | null> {
  return db.billingPrice.findFirst({
    where: { planId, interval, archivedAt: null },
    select: { priceId: true, amountMinor: true, currency: true },
  })
}

/** Returns the id of a plan's product at the provider, or null before `npm run billing:sync`. */
export async function productIdOf(db: Queryable, planId: string): Promise<string | null> {
  const row = await db.billingProduct.findUnique({ where: { planId }, select: { productId: true } })
  return row?.productId ?? null
}

/** Returns all plans with their products and prices at the provider. */
export async function plansToSync(db: Queryable, now: Date): Promise<PlanToSync[]> {
  const [plans, products, offered] = await Promise.all([
    storedPlans(db, now),
    db.billingProduct.findMany({ select: { planId: true, productId: true } }),
    db.billingPrice.findMany({ where: { archivedAt: null }, select: { planId: true, priceId: true, interval: true } }),
  ])
  return [...plans]
    .sort((a, b) => a.slug.localeCompare(b.slug, 'en'))
    .map(({ id, slug, name, description, onSale, ...plan }) => ({
      planId: id,
      slug,
      name,
      description,
      onSale,
      prices: intervals.flatMap((interval) => {
        const price = priceAt(plan, interval)
        return price ? [{ interval, ...price }] : []
      }),
      productId: products.find(({ planId }) => planId === id)?.productId ?? null,
      offered: offered.filter(({ planId }) => planId === id),
    }))
}
