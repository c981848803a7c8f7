import type Stripe from 'stripe'
import type { BillingContext } from '../context.ts'
import { CodedError } from '../../lib/errors.ts'
import { notThereYet } from './offer.ts'
import { checkoutSession, type CheckoutSession } from '../provider/answers.ts'
import { isSubscriptionKnown } from '../queries.ts'
import { answerOrRefusal, answerUnlessGone } from '../provider/calls.ts'

/**
 * Creates a session.
 *
 * @throws SERVICE_UNAVAILABLE when the price or product that we noted is gone at the provider, until `npm run billing:sync` made it anew
 */
export async function createSession(
  stripe: Stripe,
  params: Stripe.Checkout.SessionCreateParams,
  options: Stripe.RequestOptions = {},
): Promise<CheckoutSession> {
  const session = await answerUnlessGone(stripe.checkout.sessions.create(params, options), checkoutSession)
  if (session === null) throw notThereYet('the price or the product of a checkout')
  return session
}

/** A session as it stands; null for one that the provider does not know any more. */
export async function sessionOf(stripe: Stripe, sessionId: string): Promise<CheckoutSession | null> {
  const session = await answerOrRefusal(stripe.checkout.sessions.retrieve(sessionId), checkoutSession)
  return session === 'refused' ? null : session
}

/**
 * Makes sure that nobody can pay a session any more, before another one is begun.
 *
 * @throws CONFLICT when it was paid, and our records do not know yet
 */
export async function endSession(ctx: BillingContext, stripe: Stripe, session: CheckoutSession): Promise<void> {
  let current: CheckoutSession | null = session
  if (session.status === 'open') {
    const expired = await answerOrRefusal(stripe.checkout.sessions.expire(session.id), checkoutSession)
    // Between our look at it and now it was paid, or has run out.
    current = expired === 'refused' ? await sessionOf(stripe, session.id) : expired
  }
  if (current?.status === 'open') throw new Error('the checkout session could not be expired')
  if (current?.status !== 'complete') return
  // A subscription that is stored is checked by `purchaseBlocker`.
  const { subscription } = current
  if (subscription !== null && (await isSubscriptionKnown(ctx.db, subscription))) return
  throw new CodedError('CONFLICT', 'Your payment is still being processed. Try again in a minute.')
}
