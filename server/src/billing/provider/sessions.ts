import type Stripe from 'stripe'
import { checkoutSession, portalSession, type CheckoutSession } from './answers.ts'
import { answerOf, answerOrRefusal, answerUnlessGone } from './calls.ts'
import { sdkOf, type ProviderClient } from './client.ts'

export type { CheckoutSession } from './answers.ts'
export type CheckoutSessionParams = Stripe.Checkout.SessionCreateParams

/** Creates a checkout session. Returns null if its price, product or customer does not exist at the provider. */
export async function createCheckoutSession(
  stripe: ProviderClient,
  params: CheckoutSessionParams,
  options: { readonly idempotencyKey?: string } = {},
): Promise<CheckoutSession | null> {
  return answerUnlessGone(sdkOf(stripe).checkout.sessions.create(params, options), checkoutSession)
}

/** Returns the present state of a checkout session, or null if the provider does not have it. */
export async function checkoutSessionOf(stripe: ProviderClient, sessionId: string): Promise<CheckoutSession | null> {
  const session = await answerOrRefusal(sdkOf(stripe).checkout.sessions.retrieve(sessionId), checkoutSession)
  return session === 'refused' ? null : session
}

/** Expires a checkout session. Returns its state afterwards, which may be `complete`, or null if the provider does not have it. */
export async function expireCheckoutSession(
  stripe: ProviderClient,
  sessionId: string,
): Promise<CheckoutSession | null> {
  const expired = await answerOrRefusal(sdkOf(stripe).checkout.sessions.expire(sessionId), checkoutSession)
  // The provider refuses if the session has just been paid or has expired.
  return expired === 'refused' ? checkoutSessionOf(stripe, sessionId) : expired
}

interface NewPortalSession {
  readonly customerId: string
  readonly returnUrl: string
  /** Whether the page only lets the member replace the card. */
  readonly updatesCard: boolean
}

/** Creates a session of the provider's page for cards and receipts. @returns its URL */
export async function createPortalSession(
  stripe: ProviderClient,
  { customerId, returnUrl, updatesCard }: NewPortalSession,
): Promise<string> {
  const flow = {
    type: 'payment_method_update',
    after_completion: { type: 'redirect', redirect: { return_url: returnUrl } },
  } satisfies Stripe.BillingPortal.SessionCreateParams.FlowData
  const { url } = await answerOf(
    sdkOf(stripe).billingPortal.sessions.create({
      customer: customerId,
      return_url: returnUrl,
      ...(updatesCard && { flow_data: flow }),
    }),
    portalSession,
  )
  return url
}
