import { intervals, type Interval, type Promotion } from '../../catalogue/index.ts'
import type { ProviderPromotionCode, ProviderPrice, ProviderProduct } from '../provider/catalogue.ts'

// Computes the steps that bring the provider's catalogue in line with the stored plans. Pure, so that they can be shown first.

export interface PriceToSync {
  readonly interval: Interval
  readonly amountMinor: number
  readonly currency: string
}

export interface PlanToSync {
  readonly planId: string
  readonly slug: string
  readonly name: string
  readonly description: string
  readonly onSale: boolean
  readonly prices: readonly PriceToSync[]
  /** The stored id of the provider's product, or null. */
  readonly productId: string | null
  /** The provider's prices that are on sale here. */
  readonly offered: readonly { readonly priceId: string; readonly interval: Interval }[]
}

export type PlanStep =
  | { readonly kind: 'createProduct'; readonly plan: PlanToSync }
  | { readonly kind: 'linkProduct'; readonly plan: PlanToSync; readonly productId: string }
  | { readonly kind: 'changeProduct'; readonly plan: PlanToSync; readonly product: ProviderProduct }
  | { readonly kind: 'createPrice'; readonly plan: PlanToSync; readonly price: PriceToSync }
  | { readonly kind: 'linkPrice'; readonly plan: PlanToSync; readonly price: ProviderPrice }
  | { readonly kind: 'offerPrice' | 'archivePrice'; readonly plan: PlanToSync; readonly price: ProviderPrice }
  | { readonly kind: 'withdrawPrice'; readonly plan: PlanToSync; readonly interval: Interval }

/**
 * Returns the steps for the plans, in order. Objects of an interrupted run are found by their metadata and linked, not created again.
 * The provider's prices are immutable. A new amount needs a new price, and existing subscribers keep the old one.
 */
export function syncPlans(plans: readonly PlanToSync[], products: readonly ProviderProduct[]): PlanStep[] {
  return plans.flatMap((plan) => syncPlan(plan, products))
}

function syncPlan(plan: PlanToSync, products: readonly ProviderProduct[]): PlanStep[] {
  const marked = products.filter(({ planId }) => planId === plan.planId)
  const product = marked.find(({ productId }) => productId === plan.productId) ?? marked[0]
  // A plan that is off sale needs no product.
  if (!product && !plan.onSale) return plan.offered.map(({ interval }) => ({ kind: 'withdrawPrice', plan, interval }))
  const prices = intervals.flatMap((interval) => syncPrice(plan, interval, product?.prices ?? []))
  if (!product) return [{ kind: 'createProduct', plan }, ...prices]
  const links: PlanStep[] =
    product.productId === plan.productId ? [] : [{ kind: 'linkProduct', plan, productId: product.productId }]
  const same = product.name === plan.name && product.description === plan.description && product.active === plan.onSale
  const changes: PlanStep[] = same ? [] : [{ kind: 'changeProduct', plan, product }]
  // A product is activated before its prices and archived after them.
  return plan.onSale ? [...links, ...changes, ...prices] : [...links, ...prices, ...changes]
}

function syncPrice(plan: PlanToSync, interval: Interval, all: readonly ProviderPrice[]): PlanStep[] {
  const existing = all.filter((price) => price.interval === interval)
  const offered = plan.offered.find((price) => price.interval === interval)
  const wanted = plan.onSale ? plan.prices.find((price) => price.interval === interval) : undefined
  const fitting = existing.filter(
    ({ amountMinor, currency }) => amountMinor === wanted?.amountMinor && currency === wanted.currency,
  )
  const kept =
    fitting.find(({ priceId }) => priceId === offered?.priceId) ?? fitting.find(({ active }) => active) ?? fitting[0]
  const steps: PlanStep[] = []
  if (wanted && !kept) steps.push({ kind: 'createPrice', plan, price: wanted })
  if (kept && !kept.active) steps.push({ kind: 'offerPrice', plan, price: kept })
  if (kept && kept.priceId !== offered?.priceId) steps.push({ kind: 'linkPrice', plan, price: kept })
  if (!wanted && offered) steps.push({ kind: 'withdrawPrice', plan, interval })
  const others = existing.filter((price) => price.active && price !== kept)
  return [...steps, ...others.map((price): PlanStep => ({ kind: 'archivePrice', plan, price }))]
}

type PromotionStep =
  | { readonly kind: 'createPromotion'; readonly promotion: Promotion }
  | { readonly kind: 'linkPromotion'; readonly promotion: Promotion; readonly found: ProviderPromotionCode }
  | {
      readonly kind: 'openPromotion' | 'closePromotion'
      readonly promotion: Promotion
      readonly found: ProviderPromotionCode
    }
  /** Changes nothing: the same code was created by hand, and a person has to decide. */
  | { readonly kind: 'leavePromotion'; readonly promotion: Promotion; readonly found: ProviderPromotionCode }

export type SyncStep = PlanStep | PromotionStep

/** Returns the steps for the promotion codes. */
export function syncPromotions(
  promotions: readonly Promotion[],
  codes: readonly ProviderPromotionCode[],
  now: Date,
): PromotionStep[] {
  return promotions.flatMap((promotion): PromotionStep[] => {
    const runs = promotion.active && (promotion.expiresAt === null || promotion.expiresAt > now)
    const same = codes.filter(({ code }) => code.toUpperCase() === promotion.code)
    const found =
      same.find(({ promotionCodeId }) => promotionCodeId === promotion.promotionCodeId) ??
      same.find(({ createdHere }) => createdHere)
    if (!found) {
      const madeByHand = same.find(({ active }) => active)
      if (!runs) return []
      return [
        madeByHand ? { kind: 'leavePromotion', promotion, found: madeByHand } : { kind: 'createPromotion', promotion },
      ]
    }
    const steps: PromotionStep[] = []
    if (found.promotionCodeId !== promotion.promotionCodeId) steps.push({ kind: 'linkPromotion', promotion, found })
    if (found.active !== runs) steps.push({ kind: runs ? 'openPromotion' : 'closePromotion', promotion, found })
    return steps
  })
}
