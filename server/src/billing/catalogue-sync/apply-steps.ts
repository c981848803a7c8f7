import { linkPromotion, promotions } from '../../catalogue/index.ts'
import type { Database } from '../../db/index.ts'
import {
  createPrice,
  createProduct,
  createPromotionCode,
  setPriceActive,
  setPromotionCodeActive,
  providerPromotionCodes,
  providerProducts,
  updateProduct,
} from '../provider/catalogue.ts'
import type { ProviderClient } from '../provider/client.ts'
import { linkPrice, linkProduct, withdrawPrice } from './commands.ts'
import { syncPlans, syncPromotions, type PlanToSync, type PriceToSync, type SyncStep } from './plan-steps.ts'
import { plansToSync, productIdOf } from './queries.ts'

/** Returns the steps that bring the provider's catalogue in line with the stored plans. Applies none of them. */
export async function planSyncOf(db: Database, stripe: ProviderClient, now: Date): Promise<SyncStep[]> {
  const stored = await promotions(db)
  const codes = await providerPromotionCodes(
    stripe,
    stored.map(({ code }) => code),
  )
  const plans = syncPlans(await plansToSync(db, now), await providerProducts(stripe))
  return [...plans, ...syncPromotions(stored, codes, now)]
}

interface SyncOptions {
  readonly db: Database
  readonly stripe: ProviderClient
  readonly steps: readonly SyncStep[]
  readonly now: Date
  /** Called before each step. */
  readonly onStep?: (step: SyncStep) => void
}

/** Applies the steps in order. After a crash, the next run finds the objects that were created and continues. */
export async function applySync({ db, stripe, steps, now, onStep }: SyncOptions): Promise<void> {
  for (const step of steps) {
    onStep?.(step)
    await apply(db, stripe, step, now)
  }
}

async function apply(db: Database, stripe: ProviderClient, step: SyncStep, now: Date): Promise<void> {
  switch (step.kind) {
    case 'createProduct': {
      const product = await createProduct(stripe, { ...step.plan, replacedId: step.plan.productId })
      return linkProduct(db, step.plan.planId, product)
    }
    case 'linkProduct':
      return linkProduct(db, step.plan.planId, step.productId)
    case 'changeProduct': {
      const { name, description, onSale: active } = step.plan
      return updateProduct(stripe, step.product.productId, { name, description, active })
    }
    case 'createPrice':
      return linkPrice(db, step.plan.planId, await createPriceOf(db, stripe, step.plan, step.price), now)
    case 'linkPrice':
      return linkPrice(db, step.plan.planId, step.price, now)
    case 'offerPrice':
    case 'archivePrice':
      return setPriceActive(stripe, step.price.priceId, step.kind === 'offerPrice')
    case 'withdrawPrice':
      return withdrawPrice(db, step.plan.planId, step.interval, now)
    case 'createPromotion': {
      const { promotion } = step
      const created = await createPromotionCode(stripe, promotion, promotion.promotionCodeId)
      return linkPromotion(db, promotion.code, created)
    }
    case 'linkPromotion':
      return linkPromotion(db, step.promotion.code, step.found)
    case 'openPromotion':
    case 'closePromotion':
      return setPromotionCodeActive(stripe, step.found.promotionCodeId, step.kind === 'openPromotion')
    case 'leavePromotion':
  }
}

async function createPriceOf(
  db: Database,
  stripe: ProviderClient,
  { planId, offered }: PlanToSync,
  price: PriceToSync,
): Promise<PriceToSync & { readonly priceId: string }> {
  const productId = await productIdOf(db, planId)
  if (productId === null) throw new Error('the plan of the price has no product')
  const replacedId = offered.find(({ interval }) => interval === price.interval)?.priceId ?? null
  return { ...price, priceId: await createPrice(stripe, { planId, productId, ...price, replacedId }) }
}
