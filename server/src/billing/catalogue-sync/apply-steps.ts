import type Stripe from 'stripe'
import type { Database } from '../../db/index.ts'
import { notePrice, noteProduct, notePromotion, withdrawPrice } from '../commands.ts'
import { idempotent } from '../checkout/customer.ts'
import { anyObject } from '../provider/answers.ts'
import { plansToSync, productIdOf, promotions } from '../queries.ts'
import { parseAnswer, done } from '../provider/calls.ts'
import { planMark, promotionMark, theirCodes, theirProducts } from '../provider/catalogue.ts'
import {
  syncPlans,
  syncPromotions,
  type OurPlan,
  type OurPrice,
  type OurPromotion,
  type SyncStep,
} from './plan-steps.ts'

/** What is to be done so that the provider sells what our plans say; nothing is done yet. */
export async function planSyncOf(db: Database, stripe: Stripe, now: Date): Promise<SyncStep[]> {
  const ours = await promotions(db)
  const codes = await theirCodes(
    stripe,
    ours.map(({ code }) => code),
  )
  const plans = syncPlans(await plansToSync(db, now), await theirProducts(stripe))
  return [...plans, ...syncPromotions(ours, codes, now)]
}

export interface SyncOptions {
  readonly db: Database
  readonly stripe: Stripe
  readonly steps: readonly SyncStep[]
  readonly now: Date
  /** Told of each step before it is done. */
  readonly onStep?: (step: SyncStep) => void
}

/** Does the steps, one after the other. Killed in between, another run finds what was made and goes on. */
export async function applySync({ db, stripe, steps, now, onStep }: SyncOptions): Promise<void> {
  for (const step of steps) {
    onStep?.(step)
    await apply(db, stripe, step, now)
  }
}

async function apply(db: Database, stripe: Stripe, step: SyncStep, now: Date): Promise<void> {
  switch (step.kind) {
    case 'createProduct':
      return noteProduct(db, step.plan.planId, await createProduct(stripe, step.plan))
    case 'noteProduct':
      return noteProduct(db, step.plan.planId, step.productId)
    case 'changeProduct': {
      const { name, description, onSale: active } = step.plan
      await done(stripe.products.update(step.product.productId, { name, description, active }))
      return
    }
    case 'createPrice':
      return notePrice(db, step.plan.planId, await createPrice(db, stripe, step.plan, step.price), now)
    case 'notePrice':
      return notePrice(db, step.plan.planId, step.price, now)
    case 'offerPrice':
    case 'archivePrice':
      await done(stripe.prices.update(step.price.priceId, { active: step.kind === 'offerPrice' }))
      return
    case 'withdrawPrice':
      return withdrawPrice(db, step.plan.planId, step.interval, now)
    case 'createPromotion':
      return notePromotion(db, step.promotion.code, await createPromotion(stripe, step.promotion))
    case 'notePromotion':
      return notePromotion(db, step.promotion.code, step.theirs)
    case 'openPromotion':
    case 'closePromotion': {
      const active = step.kind === 'openPromotion'
      await done(stripe.promotionCodes.update(step.theirs.promotionCodeId, { active }))
      return
    }
    case 'leavePromotion':
  }
}

async function createProduct(stripe: Stripe, { planId, name, description, productId }: OurPlan): Promise<string> {
  const params = { name, ...(description && { description }), metadata: { [planMark]: planId } }
  // One that was lost there is not found again under the same name.
  const { id } = await parseAnswer(
    stripe.products.create(params, idempotent(`product-${planId}-${productId}`, params)),
    anyObject,
  )
  return id
}

async function createPrice(db: Database, stripe: Stripe, plan: OurPlan, price: OurPrice) {
  const product = await productIdOf(db, plan.planId)
  if (product === null) throw new Error('the plan of the price has no product')
  const params = {
    product,
    currency: price.currency.toLowerCase(),
    unit_amount: price.amountMinor,
    recurring: { interval: price.interval === 'MONTHLY' ? 'month' : 'year' },
    metadata: { [planMark]: plan.planId },
  } satisfies Stripe.PriceCreateParams
  // One that was lost there is not found again under the same name; nor is a coupon.
  const lost = plan.offered.find(({ interval }) => interval === price.interval)?.priceId ?? ''
  const { id: priceId } = await parseAnswer(
    stripe.prices.create(params, idempotent(`price-${product}-${lost}`, params)),
    anyObject,
  )
  return { ...price, priceId }
}

async function createPromotion(stripe: Stripe, promotion: OurPromotion) {
  const { code, percentOff, amountOffMinor, currency, duration, months, expiresAt } = promotion
  const terms = {
    name: code,
    ...(percentOff === null
      ? { amount_off: amountOffMinor ?? 0, currency: (currency ?? '').toLowerCase() }
      : { percent_off: percentOff }),
    duration: duration.toLowerCase() as Lowercase<typeof duration>,
    ...(months !== null && { duration_in_months: months }),
    metadata: { [promotionMark]: code },
  } satisfies Stripe.CouponCreateParams
  const coupon = await parseAnswer(
    stripe.coupons.create(terms, idempotent(`coupon-${code}-${promotion.promotionCodeId ?? ''}`, terms)),
    anyObject,
  )
  const params = {
    promotion: { type: 'coupon', coupon: coupon.id },
    code,
    ...(expiresAt && { expires_at: Math.floor(expiresAt.getTime() / 1000) }),
    metadata: { [promotionMark]: code },
  } satisfies Stripe.PromotionCodeCreateParams
  const { id: promotionCodeId } = await parseAnswer(
    stripe.promotionCodes.create(params, idempotent(`promotion-${code}`, params)),
    anyObject,
  )
  return { promotionCodeId, couponId: coupon.id }
}
