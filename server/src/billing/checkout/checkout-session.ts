import { CodedError } from '../../lib/errors.ts'
import type { BillingContext } from '../context.ts'
import type { ProviderClient } from '../provider/client.ts'
import {
  createCheckoutSession,
  expireCheckoutSession,
  type CheckoutSession,
  type CheckoutSessionParams,
} from '../provider/sessions.ts'
import { isSubscriptionKnown } from '../subscription/queries.ts'
import { missingAtProvider } from '../offer.ts'

/** How long a checkout can be completed. The provider accepts 30 minutes to 24 hours. */
const lifetimeSeconds = 12 * 3_600

/** Returns when a session that is created now expires, in Unix seconds: the provider counts in seconds. */
export const sessionEndSeconds = (now: Date): number => Math.floor(now.getTime() / 1000) + lifetimeSeconds

/**
 * Creates a checkout session.
 *
 * @throws SERVICE_UNAVAILABLE if the price or the product does not exist at the provider. `npm run billing:sync` creates it again
 */
export async function createSession(
  stripe: ProviderClient,
  params: CheckoutSessionParams,
  options: { readonly idempotencyKey?: string } = {},
): Promise<CheckoutSession> {
  const session = await createCheckoutSession(stripe, params, options)
  if (session === null) throw missingAtProvider('the price or the product of a checkout')
  return session
}

/**
 * Expires a session before another one is created, so that only one of them can be paid.
 *
 * @throws CONFLICT if the session was paid and the webhook of the purchase has not arrived
 */
export async function endSession(ctx: BillingContext, stripe: ProviderClient, session: CheckoutSession): Promise<void> {
  const current = session.status === 'open' ? await expireCheckoutSession(stripe, session.id) : session
  if (current?.status === 'open') throw new Error('the checkout session could not be expired')
  if (current?.status !== 'complete') return
  // `purchaseBlocker` handles subscriptions that are stored.
  const { subscription } = current
  if (subscription !== null && (await isSubscriptionKnown(ctx.db, subscription))) return
  throw new CodedError('CONFLICT', 'Your payment is still being processed. Try again in a minute.')
}
