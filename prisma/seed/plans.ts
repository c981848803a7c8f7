import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../server/src/db/index.ts'

interface DemoPlan {
  readonly slug: string
  readonly name: string
  readonly description: string
  /** In EUR cents. */
  readonly monthly: number
  readonly yearly: number
  readonly includes: readonly string[]
  readonly benefits: readonly string[]
  readonly trialDays: number
}

const demoPlans: readonly DemoPlan[] = [
  {
    slug: 'supporter',
    name: 'Supporter',
    description: 'All subscriber articles',
    monthly: 500,
    yearly: 5_000,
    includes: [],
    benefits: ['Every subscriber article in full', 'New articles on the day they appear'],
    trialDays: 0,
  },
  {
    slug: 'patron',
    name: 'Patron',
    description: 'Everything, with extra support for the publication',
    monthly: 1_200,
    yearly: 12_000,
    includes: ['supporter'],
    benefits: ['Articles for Patrons only', 'Our thanks'],
    trialDays: 14,
  },
]

/**
 * Creates missing plans. Existing plans are not changed, because the publisher may have changed prices and names.
 *
 * @returns the ids by slug, and the number of created plans
 */
export async function seedPlans(
  tx: Transaction,
  now: Date,
): Promise<{ ids: ReadonlyMap<string, string>; created: number }> {
  const slugs = demoPlans.map(({ slug }) => slug)
  const stored = await tx.plan.findMany({ where: { slug: { in: slugs } }, select: { id: true, slug: true } })
  const ids = new Map(stored.map(({ slug, id }) => [slug, id]))
  const missing = demoPlans.filter(({ slug }) => !ids.has(slug))
  for (const { slug, name, description, monthly, yearly, includes, benefits, trialDays } of missing) {
    const id = uuidv7()
    ids.set(slug, id)
    await tx.plan.create({
      data: { id, slug, name, description, benefits: [...benefits], trialDays, createdAt: now },
      select: { id: true },
    })
    await tx.planPrice.createMany({
      data: [
        { planId: id, interval: 'MONTHLY', amountMinor: monthly, currency: 'EUR' },
        { planId: id, interval: 'YEARLY', amountMinor: yearly, currency: 'EUR' },
      ],
    })
    for (const included of includes) {
      const includedPlanId = idOf(ids, included)
      await tx.planInclusion.create({
        data: { planId: id, includedPlanId, validFrom: now, included: true },
        select: { planId: true },
      })
    }
  }
  return { ids, created: missing.length }
}

export function idOf(ids: ReadonlyMap<string, string>, slug: string): string {
  const id = ids.get(slug)
  if (id === undefined) throw new Error(`the demo has no plan ${slug}`)
  return id
}
