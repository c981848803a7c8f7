import { randomUUID } from 'node:crypto'
import type { BillingContext } from '../context.ts'
import { CodedError } from '../../lib/errors.ts'
import { hadTrial } from '../../membership/index.ts'
import { priceIdOf, throwConflict, requireProviderClient, type Offer } from '../offer.ts'
import type { ProviderClient } from '../provider/client.ts'
import { idempotent } from '../provider/idempotency.ts'
import { checkoutSessionOf, type CheckoutSession, type CheckoutSessionParams } from '../provider/sessions.ts'
import { createSession, endSession, sessionEndSeconds } from './checkout-session.ts'
import { claimCheckout, deleteCheckout, saveSession } from './commands.ts'
import { ensureCustomer } from './customer.ts'
import { checkoutOf, type CheckoutRow } from './queries.ts'
import { returnAddress, returningWith } from './return-address.ts'
import { purchaseBlocker } from '../subscription/purchase-eligibility.ts'

/** A checkout with less time left is replaced by a new one. */
const worthwhileMilliseconds = 40 * 60_000
/** How often a concurrent checkout may interfere before the member gets an error. */
const mostTries = 5

/**
 * Starts the checkout of a membership, or continues the one that the member has begun. A member has one checkout at a time, so that
 * two windows cannot pay twice.
 *
 * @returns the URL of the provider's checkout page
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
      // The provider takes whole seconds.
      expiresAt: new Date(sessionEndSeconds(ctx.now) * 1000),
    }
    if (!(await claimCheckout(ctx.db, fresh, begun))) continue
    await refuseIfPaidSince(ctx, memberId, fresh.attempt)
    return openCheckout(ctx, { ...fresh, sessionId: null }, purchase)
  }
  throw busy()
}

/** Refuses the checkout if another one was paid during the calls to the provider. The claim does not exclude that. */
async function refuseIfPaidSince(ctx: BillingContext, memberId: string, attempt: string): Promise<void> {
  const blocker = purchaseBlocker(await ctx.membership.memberships.clear(memberId).load(memberId), ctx.now)
  if (blocker) await deleteCheckout(ctx.db, attempt)
  throwConflict(blocker)
}

function isFor(begun: CheckoutRow, { plan, interval }: Offer, address: string, now: Date): boolean {
  const lasts = begun.expiresAt.getTime() - now.getTime() > worthwhileMilliseconds
  return lasts && begun.planId === plan.id && begun.interval === interval && begun.returnTo === address
}

/** Returns whether a session is open, at the current price of the plans page and for the member's current customer. */
const isPayable = ({ status, metadata, customer: payer }: CheckoutSession, { priceId, customer }: Purchase) =>
  status === 'open' && metadata?.get('gatepost_price') === priceId && payer === customer

interface Purchase {
  readonly stripe: ProviderClient
  readonly offer: Offer
  readonly priceId: string
  readonly customer: string
}

/** Creates the provider's checkout page. Runs outside any transaction, because the provider may be slow. */
async function openCheckout(ctx: BillingContext, checkout: CheckoutRow, purchase: Purchase): Promise<string> {
  const { stripe, offer } = purchase
  const { memberId, attempt } = checkout
  const trialDays = offer.plan.trialDays > 0 && !(await hadTrial(ctx.db, memberId)) ? offer.plan.trialDays : 0
  const params = sessionParams(checkout, purchase, trialDays)
  const session = await createSession(stripe, params, idempotent(`checkout-${attempt}`, params))
  if (session.url && (await saveSession(ctx.db, attempt, session))) return session.url
  // Another window has replaced this checkout. Only one of the two may be paid.
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
