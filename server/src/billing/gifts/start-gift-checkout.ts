import type { BillingContext } from '../context.ts'
import { createSession } from '../checkout/checkout-session.ts'
import { ensureCustomer } from '../checkout/customer.ts'
import { productOf, requireProviderClient, type Offer } from '../offer.ts'
import type { CheckoutSessionParams } from '../provider/sessions.ts'
import { returnAddress, returningWith } from '../checkout/return-address.ts'

/** How long it can be completed, in seconds; the provider takes half an hour to a day. */
const lifetimeSeconds = 12 * 3600

/**
 * Begins to buy a plan for somebody else. Any number may be bought: each session is a gift of its own.
 *
 * What was bought is read from the session's metadata when it is paid for: only this server makes sessions, so that it is our
 * own word. Whose it is says the customer.
 *
 * @returns the address to go to
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
        // Prices of the provider that recur cannot be paid once: the amount is said here.
        price_data: { product, currency: offer.price.currency.toLowerCase(), unit_amount: offer.price.amountMinor },
      },
    ],
    success_url: returningWith('done', address),
    cancel_url: returningWith('back', address),
    expires_at: Math.floor(ctx.now.getTime() / 1000) + lifetimeSeconds,
    metadata,
    payment_intent_data: { metadata },
    // Without it the provider makes no invoice of a single payment, and the buyer finds no receipt.
    invoice_creation: { enabled: true, invoice_data: { description: `${offer.plan.name}, a gift` } },
  } satisfies CheckoutSessionParams
  const { url } = await createSession(stripe, params)
  if (url === null) throw new Error('a new checkout session has no URL')
  return url
}
