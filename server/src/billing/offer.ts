import type Stripe from 'stripe'
import type { BillingContext } from './context.ts'
import { CodedError, badInput } from '../lib/errors.ts'
import { acceptName } from '../lib/text.ts'
import { planToBuy, type PlanRow, type PriceRow } from '../membership/index.ts'
import { priceOnSale, productIdOf } from './queries.ts'
import type { Interval } from './types.ts'

/** What somebody wants to buy. */
export interface Offer {
  readonly plan: PlanRow
  readonly interval: Interval
  readonly price: PriceRow
}

/** @throws BAD_USER_INPUT for a plan that is not on sale, or not sold so */
export async function offerOf(ctx: BillingContext, slug: string, interval: Interval): Promise<Offer> {
  const plan = planToBuy(await ctx.membership.catalogue(), acceptName('plan', slug))
  const price = interval === 'MONTHLY' ? plan.monthly : plan.yearly
  if (price === null)
    throw badInput(`The plan "${slug}" is not sold by the ${interval === 'MONTHLY' ? 'month' : 'year'}.`)
  return { plan, interval, price }
}

/**
 * The provider's price of an offer. One that says another amount than the plans page is not sold: nobody pays what they were not
 * told.
 *
 * @throws SERVICE_UNAVAILABLE until `npm run billing:sync` has brought it there
 */
export async function priceIdOf(ctx: BillingContext, { plan, interval, price }: Offer): Promise<string> {
  const sold = await priceOnSale(ctx.db, plan.id, interval)
  if (sold && sold.amountMinor === price.amountMinor && sold.currency === price.currency) return sold.priceId
  throw notThereYet(`the price ${interval} of the plan ${plan.slug}`)
}

/** @throws SERVICE_UNAVAILABLE likewise */
export async function productOf(ctx: BillingContext, { plan }: Offer): Promise<string> {
  const productId = await productIdOf(ctx.db, plan.id)
  if (productId !== null) return productId
  throw notThereYet(`the plan ${plan.slug}`)
}

/** The refusal of a plan that is missing at the provider. @param what is missing, for the log */
export function notThereYet(what: string): CodedError {
  return new CodedError('SERVICE_UNAVAILABLE', 'This plan cannot be bought yet.', {
    cause: new Error(`${what} is not at the payment provider: run npm run billing:sync`),
  })
}

/** Returns the provider's client, with one budget for this request. @throws SERVICE_UNAVAILABLE where nothing is sold */
export function sellerOf(ctx: BillingContext): Stripe {
  const seller = ctx.billing.seller()
  if (seller) return seller
  throw new CodedError('SERVICE_UNAVAILABLE', 'This publication sells nothing at the moment.')
}

/** @throws CONFLICT with the objection, if there is one */
export function refuseFor(objection: string | null): void {
  if (objection !== null) throw new CodedError('CONFLICT', objection)
}
