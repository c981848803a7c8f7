export { buildCatalogue, knownPlan, onSale, planToBuy, priceAt, type Catalogue, type StoredPlan } from './catalogue.ts'
export { linkPromotion, promote, retirePromotion, setArchived, setPlan, type PlanChanges } from './commands.ts'
export type { CatalogueContext } from './context.ts'
export {
  intervalNamed,
  intervalOfRecurrence,
  intervals,
  intervalWord,
  monthsOf,
  periodEndAfter,
  recurrenceOf,
} from './interval.ts'
export { createCatalogueLoader } from './loaders.ts'
export { promotionWords } from './promotion-words.ts'
export { planBySlug, planNames, promotions, storedPlans } from './queries.ts'
export { catalogueResolvers } from './resolvers.ts'
export { catalogueRules } from './rules.ts'
export type { Interval, PlanRow, PriceRow, Promotion, PromotionTerms } from './types.ts'
