import type { z } from 'zod'
import { intervalOfRecurrence, recurrenceOf, type Interval, type PromotionTerms } from '../../catalogue/index.ts'
import { anyAnswer, anyObject, price, product, promotionCodes } from './answers.ts'
import { answerOf, answerUnlessGone, parseObject, send } from './calls.ts'
import { sdkOf, type ProviderClient } from './client.ts'
import { billingFailure } from './failures.ts'
import { idempotent } from './idempotency.ts'

// Products, prices and promotion codes.

export interface ProviderPrice {
  readonly interval: Interval
  /** In the smallest unit of the currency. */
  readonly amountMinor: number
  readonly currency: string
  readonly priceId: string
  readonly active: boolean
}

export interface ProviderProduct {
  readonly productId: string
  /** The id of the plan, from the metadata of the product. */
  readonly planId: string
  readonly name: string
  readonly description: string
  readonly active: boolean
  /** The prices of the intervals that plans are sold by. */
  readonly prices: readonly ProviderPrice[]
}

export interface ProviderPromotionCode {
  readonly promotionCodeId: string
  readonly couponId: string
  readonly code: string
  readonly active: boolean
  /** Whether this server created the code, according to its metadata. */
  readonly createdHere: boolean
}

/** Metadata keys by which a later run finds the objects that this server created. */
const planKey = 'gatepost_plan'
const promotionKey = 'gatepost_promotion'

/** Returns the products that this server created, the oldest first, with their prices. */
export async function providerProducts(stripe: ProviderClient): Promise<ProviderProduct[]> {
  return readProducts(stripe).catch((error: unknown) => {
    throw billingFailure(error)
  })
}

async function readProducts(stripe: ProviderClient): Promise<ProviderProduct[]> {
  const products: ProviderProduct[] = []
  for await (const found of sdkOf(stripe).products.list({ limit: 100 })) {
    const { id, metadata, name, description, active } = parseObject(found, product)
    const planId = metadata.get(planKey)
    if (planId === undefined) continue
    const prices: ProviderPrice[] = []
    for await (const one of sdkOf(stripe).prices.list({ product: id, type: 'recurring', limit: 100 })) {
      prices.push(...priceOf(parseObject(one, price)))
    }
    products.unshift({ productId: id, planId, name, description: description ?? '', active, prices })
  }
  return products
}

function priceOf({ id, active, currency, unit_amount, recurring }: z.output<typeof price>): ProviderPrice[] {
  const interval = intervalOfRecurrence(recurring?.interval, recurring?.interval_count)
  if (interval === undefined || unit_amount === null) return []
  return [{ priceId: id, active, interval, amountMinor: unit_amount, currency: currency.toUpperCase() }]
}

/** Returns the promotion codes with the given codes. Omits codes that cannot be reactivated because their coupon was deleted. */
export async function providerPromotionCodes(
  stripe: ProviderClient,
  codes: readonly string[],
): Promise<ProviderPromotionCode[]> {
  const found: ProviderPromotionCode[] = []
  for (const code of codes) {
    for (const one of await answerOf(sdkOf(stripe).promotionCodes.list({ code, limit: 100 }), promotionCodes)) {
      const couponId = one.promotion.coupon
      const createdHere = one.metadata?.get(promotionKey) === code
      const isDead =
        couponId === null ||
        (!one.active && (await answerUnlessGone(sdkOf(stripe).coupons.retrieve(couponId), anyObject)) === null)
      if (!isDead) found.push({ promotionCodeId: one.id, couponId, code: one.code, active: one.active, createdHere })
    }
  }
  return found
}

/** Returns whether a product exists at the provider. */
export async function productExists(stripe: ProviderClient, productId: string): Promise<boolean> {
  return (await answerUnlessGone(sdkOf(stripe).products.retrieve(productId), anyAnswer)) !== null
}

/** Returns whether a price exists at the provider. */
export async function priceExists(stripe: ProviderClient, priceId: string): Promise<boolean> {
  return (await answerUnlessGone(sdkOf(stripe).prices.retrieve(priceId), anyAnswer)) !== null
}

/** Lists the ids of all products. */
export async function* productIds(stripe: ProviderClient): AsyncGenerator<string> {
  for await (const found of sdkOf(stripe).products.list({ limit: 100 })) yield parseObject(found, anyObject).id
}

interface NewProduct {
  readonly planId: string
  readonly name: string
  readonly description: string
  /**
   * The deleted product that it replaces, or null. It is part of the idempotency key, which would otherwise return the deleted
   * product.
   */
  readonly replacedId: string | null
}

/** Creates a product and returns its id. */
export async function createProduct(
  stripe: ProviderClient,
  { planId, name, description, replacedId }: NewProduct,
): Promise<string> {
  const params = { name, ...(description && { description }), metadata: { [planKey]: planId } }
  const call = sdkOf(stripe).products.create(params, idempotent(`product-${planId}-${replacedId}`, params))
  return (await answerOf(call, anyObject)).id
}

export async function updateProduct(
  stripe: ProviderClient,
  productId: string,
  values: { readonly name: string; readonly description: string; readonly active: boolean },
): Promise<void> {
  await send(sdkOf(stripe).products.update(productId, values))
}

export interface NewPrice {
  readonly planId: string
  readonly productId: string
  readonly interval: Interval
  readonly amountMinor: number
  readonly currency: string
  /** The price that it replaces, or null. It is part of the idempotency key. */
  readonly replacedId: string | null
}

/** Creates a price and returns its id. */
export async function createPrice(
  stripe: ProviderClient,
  { planId, productId: product, interval, amountMinor, currency, replacedId }: NewPrice,
): Promise<string> {
  const params = {
    product,
    currency: currency.toLowerCase(),
    unit_amount: amountMinor,
    recurring: recurrenceOf(interval),
    metadata: { [planKey]: planId },
  }
  const call = sdkOf(stripe).prices.create(params, idempotent(`price-${product}-${replacedId ?? ''}`, params))
  return (await answerOf(call, anyObject)).id
}

/** Opens a price for new subscriptions, or archives it. Its subscribers keep it. */
export async function setPriceActive(stripe: ProviderClient, priceId: string, active: boolean): Promise<void> {
  await send(sdkOf(stripe).prices.update(priceId, { active }))
}

/** Creates a promotion code with a coupon of its own. @param replacedId the promotion code that it replaces, or null */
export async function createPromotionCode(
  stripe: ProviderClient,
  { code, percentOff, amountOffMinor, currency, duration, months, expiresAt }: PromotionTerms,
  replacedId: string | null,
): Promise<{ readonly promotionCodeId: string; readonly couponId: string }> {
  const terms = {
    name: code,
    ...(percentOff === null
      ? { amount_off: amountOffMinor ?? 0, currency: (currency ?? '').toLowerCase() }
      : { percent_off: percentOff }),
    duration: duration.toLowerCase() as Lowercase<typeof duration>,
    ...(months !== null && { duration_in_months: months }),
    metadata: { [promotionKey]: code },
  }
  const couponCall = sdkOf(stripe).coupons.create(terms, idempotent(`coupon-${code}-${replacedId ?? ''}`, terms))
  const { id: couponId } = await answerOf(couponCall, anyObject)
  const params = {
    promotion: { type: 'coupon' as const, coupon: couponId },
    code,
    ...(expiresAt && { expires_at: Math.floor(expiresAt.getTime() / 1000) }),
    metadata: { [promotionKey]: code },
  }
  const call = sdkOf(stripe).promotionCodes.create(params, idempotent(`promotion-${code}`, params))
  return { promotionCodeId: (await answerOf(call, anyObject)).id, couponId }
}

export async function setPromotionCodeActive(
  stripe: ProviderClient,
  promotionCodeId: string,
  active: boolean,
): Promise<void> {
  await send(sdkOf(stripe).promotionCodes.update(promotionCodeId, { active }))
}
