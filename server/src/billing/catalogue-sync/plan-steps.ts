import { intervals, type Interval, type Promotion } from '../../catalogue/index.ts'
import type { TheirCode, TheirPrice, TheirProduct } from '../provider/catalogue.ts'

// What the provider must be told so that it sells what our plans say. Pure: it is shown before it is done.

export interface OurPrice {
  readonly interval: Interval
  readonly amountMinor: number
  readonly currency: string
}

export interface OurPlan {
  readonly planId: string
  readonly slug: string
  readonly name: string
  readonly description: string
  readonly onSale: boolean
  readonly prices: readonly OurPrice[]
  /** Its name at the provider, as far as we noted it. */
  readonly productId: string | null
  /** The provider's prices that we offer. */
  readonly offered: readonly { readonly priceId: string; readonly interval: Interval }[]
}

export type PlanStep =
  | { readonly kind: 'createProduct'; readonly plan: OurPlan }
  | { readonly kind: 'linkProduct'; readonly plan: OurPlan; readonly productId: string }
  | { readonly kind: 'changeProduct'; readonly plan: OurPlan; readonly product: TheirProduct }
  | { readonly kind: 'createPrice'; readonly plan: OurPlan; readonly price: OurPrice }
  | { readonly kind: 'linkPrice'; readonly plan: OurPlan; readonly price: TheirPrice }
  | { readonly kind: 'offerPrice' | 'archivePrice'; readonly plan: OurPlan; readonly price: TheirPrice }
  | { readonly kind: 'withdrawPrice'; readonly plan: OurPlan; readonly interval: Interval }

/**
 * The steps for the plans, in order. What was made by a run that was killed is found by our mark, and noted instead of made
 * again. The provider's prices never change: another amount is another price, and whoever pays the old one goes on paying it.
 */
export function syncPlans(plans: readonly OurPlan[], products: readonly TheirProduct[]): PlanStep[] {
  return plans.flatMap((plan) => syncPlan(plan, products))
}

function syncPlan(plan: OurPlan, products: readonly TheirProduct[]): PlanStep[] {
  const marked = products.filter(({ planId }) => planId === plan.planId)
  const product = marked.find(({ productId }) => productId === plan.productId) ?? marked[0]
  // Never sold there, and not to be.
  if (!product && !plan.onSale) return plan.offered.map(({ interval }) => ({ kind: 'withdrawPrice', plan, interval }))
  const prices = intervals.flatMap((interval) => syncPrice(plan, interval, product?.prices ?? []))
  if (!product) return [{ kind: 'createProduct', plan }, ...prices]
  const noted: PlanStep[] =
    product.productId === plan.productId ? [] : [{ kind: 'linkProduct', plan, productId: product.productId }]
  const same = product.name === plan.name && product.description === plan.description && product.active === plan.onSale
  const changed: PlanStep[] = same ? [] : [{ kind: 'changeProduct', plan, product }]
  // A product opens before its prices and closes after them.
  return plan.onSale ? [...noted, ...changed, ...prices] : [...noted, ...prices, ...changed]
}

function syncPrice(plan: OurPlan, interval: Interval, all: readonly TheirPrice[]): PlanStep[] {
  const theirs = all.filter((price) => price.interval === interval)
  const offered = plan.offered.find((price) => price.interval === interval)
  const wanted = plan.onSale ? plan.prices.find((price) => price.interval === interval) : undefined
  const fitting = theirs.filter(
    ({ amountMinor, currency }) => amountMinor === wanted?.amountMinor && currency === wanted.currency,
  )
  const kept =
    fitting.find(({ priceId }) => priceId === offered?.priceId) ?? fitting.find(({ active }) => active) ?? fitting[0]
  const steps: PlanStep[] = []
  if (wanted && !kept) steps.push({ kind: 'createPrice', plan, price: wanted })
  if (kept && !kept.active) steps.push({ kind: 'offerPrice', plan, price: kept })
  if (kept && kept.priceId !== offered?.priceId) steps.push({ kind: 'linkPrice', plan, price: kept })
  if (!wanted && offered) steps.push({ kind: 'withdrawPrice', plan, interval })
  const others = theirs.filter((price) => price.active && price !== kept)
  return [...steps, ...others.map((price): PlanStep => ({ kind: 'archivePrice', plan, price }))]
}

export type PromotionStep =
  | { readonly kind: 'createPromotion'; readonly promotion: Promotion }
  | { readonly kind: 'linkPromotion'; readonly promotion: Promotion; readonly theirs: TheirCode }
  | { readonly kind: 'openPromotion' | 'closePromotion'; readonly promotion: Promotion; readonly theirs: TheirCode }
  /** Somebody made the same code by hand; for people to decide. */
  | { readonly kind: 'leavePromotion'; readonly promotion: Promotion; readonly theirs: TheirCode }

export type SyncStep = PlanStep | PromotionStep

/** The steps for the promotion codes. */
export function syncPromotions(
  promotions: readonly Promotion[],
  codes: readonly TheirCode[],
  now: Date,
): PromotionStep[] {
  return promotions.flatMap((promotion): PromotionStep[] => {
    const runs = promotion.active && (promotion.expiresAt === null || promotion.expiresAt > now)
    const same = codes.filter(({ code }) => code.toUpperCase() === promotion.code)
    const theirs =
      same.find(({ promotionCodeId }) => promotionCodeId === promotion.promotionCodeId) ?? same.find(({ ours }) => ours)
    if (!theirs) {
      const foreign = same.find(({ active }) => active)
      if (!runs) return []
      return [foreign ? { kind: 'leavePromotion', promotion, theirs: foreign } : { kind: 'createPromotion', promotion }]
    }
    const steps: PromotionStep[] = []
    if (theirs.promotionCodeId !== promotion.promotionCodeId) steps.push({ kind: 'linkPromotion', promotion, theirs })
    if (theirs.active !== runs) steps.push({ kind: runs ? 'openPromotion' : 'closePromotion', promotion, theirs })
    return steps
  })
}
