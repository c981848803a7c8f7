import type Stripe from 'stripe'
import type { Context } from '../graphql/context-types.ts'
import { CodedError } from '../lib/errors.ts'
import { notThereYet } from './offer.ts'
import { isSubscriptionKnown } from './queries.ts'
import { answerOrRefusal, answerUnlessGone } from './stripe.ts'

/**
 * Creates a session.
 *
 * @throws SERVICE_UNAVAILABLE when the price or product that we noted is gone at the provider, until `npm run billing:sync` made it anew
 */
export async function createSession(
  stripe: Stripe,
  params: Stripe.Checkout.SessionCreateParams,
  options: Stripe.RequestOptions = {},
): Promise<Stripe.Checkout.Session> {
  const session = await answerUnlessGone(stripe.checkout.sessions.create(params, options))
  if (session === null) throw notThereYet('the price or the product of a checkout')
  return session
}

/** A session as it stands; null for one that the provider does not know any more. */
export async function sessionOf(stripe: Stripe, sessionId: string): Promise<Stripe.Checkout.Session | null> {
  const session = await answerOrRefusal(stripe.checkout.sessions.retrieve(sessionId))
  return session === 'refused' ? null : session
}

/**
 * Makes sure that nobody can pay a session any more, before another one is begun.
 *
 * @throws CONFLICT when it was paid, and our records do not know yet
 */
export async function endSession(ctx: Context, stripe: Stripe, session: Stripe.Checkout.Session): Promise<void> {
  let standing: Stripe.Checkout.Session | null = session
  if (session.status === 'open') {
    const expired = await answerOrRefusal(stripe.checkout.sessions.expire(session.id))
    // Between our look at it and now it was paid, or has run out.
    standing = expired === 'refused' ? await sessionOf(stripe, session.id) : expired
  }
  if (standing?.status === 'open') throw new Error('a checkout session that cannot be ended')
  if (standing?.status !== 'complete') return
  const bought = typeof standing.subscription === 'string' ? standing.subscription : standing.subscription?.id
  // What is known has its say elsewhere: a membership that is live stands in the way, one that is over does not.
  if (bought !== undefined && (await isSubscriptionKnown(ctx.db, bought))) return
  throw new CodedError('CONFLICT', 'Your payment is being processed. It takes a moment.')
}
