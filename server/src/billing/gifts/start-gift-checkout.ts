import type { BillingContext } from '../context.ts'
import { createSession, sessionEndSeconds } from '../checkout/checkout-session.ts'
import { ensureCustomer } from '../checkout/customer.ts'
import { productOf, requireProviderClient, type Offer } from '../offer.ts'
import type { CheckoutSessionParams } from '../provider/sessions.ts'
import { returnAddress, returningWith } from '../checkout/return-address.ts'

/**
 * Starts the checkout of a gift. A member may buy any number of gifts. Each session is one gift.
 *
 * When the session is paid, the ledger reads the plan from its metadata, which only this server writes. The customer of the session
 * identifies the buyer.
 *
 * @returns the URL of the provider's checkout page
 * @throws BAD_USER_INPUT, SERVICE_UNAVAILABLE
 */
export async function startGiftCheckout(
  ctx: BillingContext,
  memberId: string,
  offer: Offer,
  returnTo: string,
): Promise<string> {
  const stripe = requireProviderClient(ctx)
  const address = returnAddress(returnTo, ctx.billing.siteUrl)
  const product = await productOf(ctx, offer)
  const customer = await ensureCustomer(ctx, stripe, memberId)
  const metadata = { gatepost_kind: 'gift', gatepost_plan: offer.plan.id, gatepost_interval: offer.interval }
  const params = {
    mode: 'payment',
    customer,
    client_reference_id: memberId,
    line_items: [
      {
        quantity: 1,
        // The provider's recurring prices cannot be paid once, so the amount is given here.
        price_data: { product, currency: offer.price.currency.toLowerCase(), unit_amount: offer.price.amountMinor },
      },
    ],
    success_url: returningWith('done', address),
    cancel_url: returningWith('back', address),
    expires_at: sessionEndSeconds(ctx.now),
    metadata,
    payment_intent_data: { metadata },
    // By default the provider creates no invoice for a single payment, so the buyer would get no receipt.
    invoice_creation: { enabled: true, invoice_data: { description: `${offer.plan.name}, a gift` } },
  } satisfies CheckoutSessionParams
  const { url } = await createSession(stripe, params)
  if (url === null) throw new Error('a new checkout session has no URL')
  return url
}
