import { randomUUID } from 'node:crypto'
import type { BillingContext } from '../context.ts'
import { CodedError } from '../../lib/errors.ts'
import { hadTrial } from '../../membership/index.ts'
import { priceIdOf, throwConflict, requireProviderClient, type Offer } from '../offer.ts'
import type { ProviderClient } from '../provider/client.ts'
import { idempotent } from '../provider/idempotency.ts'
import { checkoutSessionOf, type CheckoutSession, type CheckoutSessionParams } from '../provider/sessions.ts'
import { createSession, endSession } from './checkout-session.ts'
import { claimCheckout, dropCheckout, keepSession } from './commands.ts'
import { ensureCustomer } from './customer.ts'
import { checkoutOf, type CheckoutRow } from './queries.ts'
import { returnAddress, returningWith } from './return-address.ts'
import { purchaseBlocker } from '../subscription/purchase-eligibility.ts'

/** How long a checkout can be completed. The provider takes half an hour to a day, from when it hears of it. */
const lifetimeMilliseconds = 12 * 3_600_000
/** What is left of one for it to be worth going to. */
const worthwhileMilliseconds = 40 * 60_000
/** How often another window may get in between before we say so. */
const mostTries = 5

/**
 * Begins to buy a membership, or goes on with what was begun. A member has one checkout at a time: that is what keeps two
 * windows from paying twice.
 *
 * @returns the address to go to
 * @throws BAD_USER_INPUT, CONFLICT, SERVICE_UNAVAILABLE
 */
export async function startCheckout(
  ctx: BillingContext,
  memberId: string,
  offer: Offer,
  returnTo: string,
): Promise<string> {
  const stripe = requireProviderClient(ctx)
  const address = returnAddress(returnTo, ctx.billing.siteUrl)
  throwConflict(purchaseBlocker(await ctx.membership.memberships.load(memberId), ctx.now))
  const priceId = await priceIdOf(ctx, offer)
  const customer = await ensureCustomer(ctx, stripe, memberId)
  const purchase = { stripe, offer, priceId, customer }
  for (let tries = 0; tries < mostTries; tries += 1) {
    const begun = await checkoutOf(ctx.db, memberId)
    const session = begun?.sessionId ? await checkoutSessionOf(stripe, begun.sessionId) : null
    if (begun && isFor(begun, offer, address, ctx.now)) {
      if (begun.sessionId === null) return openCheckout(ctx, begun, purchase)
      if (session?.url && isPayable(session, purchase)) return session.url
    }
    if (session) await endSession(ctx, stripe, session)
    const fresh = {
      memberId,
      attempt: randomUUID(),
      planId: offer.plan.id,
      interval: offer.interval,
      returnTo: address,
      // The provider counts in seconds.
      expiresAt: new Date(Math.floor((ctx.now.getTime() + lifetimeMilliseconds) / 1000) * 1000),
    }
    if (!(await claimCheckout(ctx.db, fresh, begun))) continue
    await refuseIfPaidSince(ctx, memberId, fresh.attempt)
    return openCheckout(ctx, { ...fresh, sessionId: null }, purchase)
  }
  throw busy()
}

/** What was paid for in another window while we asked the provider made room for this checkout: it must not be opened. */
async function refuseIfPaidSince(ctx: BillingContext, memberId: string, attempt: string): Promise<void> {
  const objection = purchaseBlocker(await ctx.membership.memberships.clear(memberId).load(memberId), ctx.now)
  if (objection) await dropCheckout(ctx.db, attempt)
  throwConflict(objection)
}

function isFor(begun: CheckoutRow, { plan, interval }: Offer, address: string, now: Date): boolean {
  const lasts = begun.expiresAt.getTime() - now.getTime() > worthwhileMilliseconds
  return lasts && begun.planId === plan.id && begun.interval === interval && begun.returnTo === address
}

/** Whether a session can be paid, at the price that the plans page shows now, by the customer that the member is now. */
const isPayable = ({ status, metadata, customer: payer }: CheckoutSession, { priceId, customer }: Purchase) =>
  status === 'open' && metadata?.get('gatepost_price') === priceId && payer === customer

interface Purchase {
  readonly stripe: ProviderClient
  readonly offer: Offer
  readonly priceId: string
  readonly customer: string
}

/** Makes the provider's page for an attempt. Outside any transaction: the provider may take its time. */
async function openCheckout(ctx: BillingContext, checkout: CheckoutRow, purchase: Purchase): Promise<string> {
  const { stripe, offer } = purchase
  const { memberId, attempt } = checkout
  const trialDays = offer.plan.trialDays > 0 && !(await hadTrial(ctx.db, memberId)) ? offer.plan.trialDays : 0
  const params = sessionParams(checkout, purchase, trialDays)
  const session = await createSession(stripe, params, idempotent(`checkout-${attempt}`, params))
  if (session.url && (await keepSession(ctx.db, attempt, session))) return session.url
  // Another window began something else meanwhile: only one of the two may be paid.
  await endSession(ctx, stripe, session)
  throw busy()
}

function sessionParams(
  { memberId, returnTo, expiresAt }: CheckoutRow,
  { offer, priceId, customer }: Purchase,
  trialDays: number,
) {
  return {
    mode: 'subscription',
    customer,
    client_reference_id: memberId,
    line_items: [{ price: priceId, quantity: 1 }],
    allow_promotion_codes: true,
    success_url: returningWith('done', returnTo),
    cancel_url: returningWith('back', returnTo),
    expires_at: expiresAt.getTime() / 1000,
    metadata: {
      gatepost_kind: 'membership',
      gatepost_plan: offer.plan.id,
      gatepost_interval: offer.interval,
      gatepost_price: priceId,
    },
    ...(trialDays > 0 && { subscription_data: { trial_period_days: trialDays } }),
  } satisfies CheckoutSessionParams
}

const busy = () =>
  new CodedError('CONFLICT', 'You started another checkout at the same time. Continue there, or try again.')
