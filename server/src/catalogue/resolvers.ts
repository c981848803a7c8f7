import { knownPlan, onSale } from './catalogue.ts'
import type { CatalogueContext } from './context.ts'
import type { PlanRow } from './types.ts'

export const catalogueResolvers = {
  Query: {
    plans: async (_parent: unknown, _args: unknown, ctx: CatalogueContext) => onSale((await ctx.catalogue()).values()),
  },
  Plan: {
    includes: async (plan: PlanRow, _args: unknown, ctx: CatalogueContext) => {
      const catalogue = await ctx.catalogue()
      return [...plan.includedPlanIds]
        .map((id) => knownPlan(catalogue, id))
        .sort((a, b) => a.slug.localeCompare(b.slug, 'en'))
    },
  },
}
