import type Stripe from 'stripe'
import type { z } from 'zod'
import { anyObject, price, product, promotionCodes } from './answers.ts'
import { parseAnswer, answerUnlessGone, billingFailure, understood } from './calls.ts'
import type { TheirCode, TheirPrice, TheirProduct } from '../catalogue-sync/plan-steps.ts'
import type { Interval } from '../../catalogue/index.ts'

/** How we mark what we make at the provider, so that another run finds it. */
export const planMark = 'gatepost_plan'
export const promotionMark = 'gatepost_promotion'

/** The products that bear our mark, the oldest first, with their prices. */
export async function theirProducts(stripe: Stripe): Promise<TheirProduct[]> {
  return readProducts(stripe).catch((error: unknown) => {
    throw billingFailure(error)
  })
}

async function readProducts(stripe: Stripe): Promise<TheirProduct[]> {
  const products: TheirProduct[] = []
  for await (const found of stripe.products.list({ limit: 100 })) {
    const { id, metadata, name, description, active } = understood(found, product)
    const planId = metadata.get(planMark)
    if (planId === undefined) continue
    const prices: TheirPrice[] = []
    for await (const one of stripe.prices.list({ product: id, type: 'recurring', limit: 100 })) {
      prices.push(...priceOf(understood(one, price)))
    }
    products.unshift({ productId: id, planId, name, description: description ?? '', active, prices })
  }
  return products
}

const intervals: ReadonlyMap<string | undefined, Interval> = new Map([
  ['month', 'MONTHLY'],
  ['year', 'YEARLY'],
])

function priceOf({ id, active, currency, unit_amount, recurring }: z.output<typeof price>): TheirPrice[] {
  const interval = intervals.get(recurring?.interval)
  if (interval === undefined || recurring?.interval_count !== 1 || unit_amount === null) return []
  return [{ priceId: id, active, interval, amountMinor: unit_amount, currency: currency.toUpperCase() }]
}

/** Returns what the provider has under some codes. A code whose coupon was deleted cannot be opened again, and is left out. */
export async function theirCodes(stripe: Stripe, codes: readonly string[]): Promise<TheirCode[]> {
  const found: TheirCode[] = []
  for (const code of codes) {
    for (const one of await parseAnswer(stripe.promotionCodes.list({ code, limit: 100 }), promotionCodes)) {
      const couponId = one.promotion.coupon
      const ours = one.metadata?.get(promotionMark) === code
      const isDead =
        couponId === null ||
        (!one.active && (await answerUnlessGone(stripe.coupons.retrieve(couponId), anyObject)) === null)
      if (!isDead) found.push({ promotionCodeId: one.id, couponId, code: one.code, active: one.active, ours })
    }
  }
  return found
}
