import type { BillingContext } from './context.ts'
import { CodedError, badInput } from '../lib/errors.ts'
import { acceptName } from '../lib/text.ts'
import { planToBuy, priceAt, intervalWord, type PlanRow, type PriceRow, type Interval } from '../catalogue/index.ts'
import { priceOnSale, productIdOf } from './catalogue-sync/queries.ts'
import type { ProviderClient } from './provider/client.ts'

/** A plan at an interval, with its price. */
export interface Offer {
  readonly plan: PlanRow
  readonly interval: Interval
  readonly price: PriceRow
}

/** Returns the offer. @throws BAD_USER_INPUT if the plan is not on sale, or has no price at this interval */
export async function offerOf(ctx: BillingContext, slug: string, interval: Interval): Promise<Offer> {
  const plan = planToBuy(await ctx.catalogue(), acceptName('plan', slug))
  const price = priceAt(plan, interval)
  if (price === null) throw badInput(`The plan "${slug}" is not sold by the ${intervalWord(interval)}.`)
  return { plan, interval, price }
}

/**
 * Returns the id of the provider's price for an offer. A price with another amount than the plans page is never charged.
 *
 * @throws SERVICE_UNAVAILABLE until `npm run billing:sync` has created the price
 */
export async function priceIdOf(ctx: BillingContext, { plan, interval, price }: Offer): Promise<string> {
  const sold = await priceOnSale(ctx.db, plan.id, interval)
  if (sold && sold.amountMinor === price.amountMinor && sold.currency === price.currency) return sold.priceId
  throw missingAtProvider(`the price ${interval} of the plan ${plan.slug}`)
}

/** Returns the id of the provider's product. @throws SERVICE_UNAVAILABLE until `npm run billing:sync` has created it */
export async function productOf(ctx: BillingContext, { plan }: Offer): Promise<string> {
  const productId = await productIdOf(ctx.db, plan.id)
  if (productId !== null) return productId
  throw missingAtProvider(`the plan ${plan.slug}`)
}

/** Creates the error for an object that is missing at the provider. @param what names the object in the log */
export function missingAtProvider(what: string): CodedError {
  return new CodedError('SERVICE_UNAVAILABLE', 'This plan cannot be bought yet.', {
    cause: new Error(`${what} does not exist at the payment provider: run npm run billing:sync`),
  })
}

/** Returns the provider's client, with one time budget for this request. @throws SERVICE_UNAVAILABLE without `STRIPE_SECRET_KEY` */
export function requireProviderClient(ctx: BillingContext): ProviderClient {
  const providerClient = ctx.billing.providerClient()
  if (providerClient) return providerClient
  throw new CodedError('SERVICE_UNAVAILABLE', 'Plans cannot be bought at the moment.')
}

/** Throws if there is a message. @throws CONFLICT with the message */
export function throwConflict(message: string | null): void {
  if (message !== null) throw new CodedError('CONFLICT', message)
}
