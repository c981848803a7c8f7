import type { Interval } from '../../catalogue/index.ts'
import type { Database } from '../../db/index.ts'
import type { PriceToSync } from './plan-steps.ts'

/** Stores the provider's product of a plan, in place of an earlier one. */
export async function linkProduct(db: Database, planId: string, productId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.billingProduct.deleteMany({ where: { planId } })
    await tx.billingProduct.create({ data: { planId, productId }, select: { planId: true } })
  })
}

/** Puts a price of the provider on sale for a plan. The previous price is archived, because its subscribers keep paying it. */
export async function linkPrice(
  db: Database,
  planId: string,
  { priceId, interval, amountMinor, currency }: PriceToSync & { readonly priceId: string },
  now: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.billingPrice.updateMany({
      where: { planId, interval, archivedAt: null, priceId: { not: priceId } },
      data: { archivedAt: now },
    })
    const { count } = await tx.billingPrice.updateMany({ where: { priceId, planId }, data: { archivedAt: null } })
    if (count > 0) return
    const price = { priceId, planId, interval, amountMinor, currency }
    await tx.billingPrice.create({ data: price, select: { priceId: true } })
  })
}

/** Takes the price of a plan at an interval off sale. */
export async function withdrawPrice(db: Database, planId: string, interval: Interval, now: Date): Promise<void> {
  await db.billingPrice.updateMany({ where: { planId, interval, archivedAt: null }, data: { archivedAt: now } })
}
