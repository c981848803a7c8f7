import { z } from 'zod'
import { amountsOf } from '../billing/checkout.ts'
import { nameOf } from '../billing/invoicing.ts'
import { makeCheckoutSession, makeLineItem } from '../objects/sessions.ts'
import { refused } from '../problem.ts'
import type { CheckoutSession, LineItem } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { discount, discountOf } from './discount-parameter.ts'
import { named, need } from './lists.ts'
import { addPrice, priceData } from './new-price.ts'
import { address, flag, ignored, instant, integer, list, metadata, newMetadata, oneOf, text } from './parameters.ts'

const daySeconds = 86_400

export const createShape = {
  mode: oneOf('subscription', 'payment'),
  customer: text.optional(),
  customer_email: text.optional(),
  customer_creation: oneOf('always', 'if_required').optional(),
  customer_update: ignored.optional(),
  client_reference_id: z.string().max(200).optional(),
  line_items: list(
    z.strictObject({ price: text.optional(), price_data: priceData.optional(), quantity: integer.optional() }),
  ),
  success_url: address,
  cancel_url: address.optional(),
  metadata: metadata.optional(),
  subscription_data: z
    .strictObject({
      trial_period_days: integer.refine((value) => value >= 1 && value <= 730).optional(),
      metadata: metadata.optional(),
    })
    .optional(),
  payment_intent_data: z.strictObject({ metadata: metadata.optional() }).optional(),
  invoice_creation: z
    .strictObject({
      enabled: flag,
      invoice_data: z.strictObject({ description: text.optional(), metadata: metadata.optional() }).optional(),
    })
    .optional(),
  payment_method_collection: z.literal('always').optional(),
  payment_method_types: list(z.literal('card')).optional(),
  allow_promotion_codes: flag.optional(),
  discounts: list(discount).optional(),
  expires_at: instant.optional(),
  locale: text.optional(),
  ui_mode: z.literal('hosted_page').optional(),
  submit_type: text.optional(),
  billing_address_collection: text.optional(),
}
type CreateParams = z.output<z.ZodObject<typeof createShape>>

export function createSession(provider: Provider, params: CreateParams): CheckoutSession {
  const { store, clock, origin } = provider
  const now = clock.seconds()
  const { mode, expires_at: expiresAt = now + daySeconds } = params
  if (expiresAt < now + 30 * 60 || expiresAt > now + daySeconds) {
    throw refused(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      'expires_at',
    )
  }
  if (params.customer && params.customer_email)
    throw refused('You may only specify one of these parameters: customer, customer_email.', 'customer')
  if (params.allow_promotion_codes && params.discounts)
    throw refused('You may only specify one of these parameters: allow_promotion_codes, discounts.', 'discounts')
  if (mode === 'payment' && params.subscription_data)
    throw refused('You can not pass `subscription_data` in `payment` mode.', 'subscription_data')
  if (mode === 'subscription' && params.payment_intent_data)
    throw refused('You can not pass `payment_intent_data` in `subscription` mode.', 'payment_intent_data')
  if (mode === 'subscription' && params.invoice_creation)
    throw refused('You can not pass `invoice_creation` in `subscription` mode.', 'invoice_creation')
  const customer = named(provider, 'customer', params.customer, 'customer') ?? null
  const lineItems = params.line_items.map((item, index) => lineItem(provider, item, mode, `line_items[${index}]`))
  const [first] = lineItems
  if (!first) throw refused('The `line_items` parameter is required.', 'line_items', 'parameter_missing')
  if (mode === 'subscription' && lineItems.length > 1)
    throw refused('The local payment provider supports one line item in `subscription` mode.', 'line_items')
  if (lineItems.some((one) => one.currency !== first.currency))
    throw refused('All prices must have the same currency.', 'line_items')
  const session = makeCheckoutSession({
    origin,
    mode,
    customer,
    customerEmail: params.customer_email ?? null,
    currency: first.currency,
    successUrl: params.success_url,
    cancelUrl: params.cancel_url ?? null,
    clientReferenceId: params.client_reference_id ?? null,
    metadata: newMetadata(params.metadata),
    invoices: {
      enabled: params.invoice_creation?.enabled ?? false,
      description: params.invoice_creation?.invoice_data?.description ?? null,
      metadata: newMetadata(params.invoice_creation?.invoice_data?.metadata),
    },
    allowPromotionCodes: params.allow_promotion_codes ?? null,
    expiresAt,
    locale: params.locale ?? null,
    created: now,
  })
  const note = store.put('checkoutNote', {
    id: session.id,
    lineItems,
    trialDays: params.subscription_data?.trial_period_days ?? 0,
    subscriptionMetadata: newMetadata(params.subscription_data?.metadata),
    paymentMetadata: newMetadata(params.payment_intent_data?.metadata),
  })
  const subtotal = lineItems.reduce((sum, one) => sum + one.amount_subtotal, 0)
  const discounts = (params.discounts ?? []).map((one) => discountOf(provider, one, customer, subtotal, first.currency))
  return store.put('checkout.session', { ...session, discounts, ...amountsOf(provider, note, discounts) })
}

function lineItem(
  provider: Provider,
  item: CreateParams['line_items'][number],
  mode: 'subscription' | 'payment',
  param: string,
): LineItem {
  const { price: id, price_data: data, quantity = 1 } = item
  if ((id === undefined) === (data === undefined)) throw refused('Specify either `price` or `price_data`.', param)
  if (quantity < 1) throw refused('The quantity must be at least 1.', `${param}[quantity]`)
  // As with Stripe, a price that is made on the spot is not for sale anywhere else.
  const price = data ? addPrice(provider, data, false) : need(provider, 'price', id ?? '', `${param}[price]`)
  if (!data && !price.active)
    throw refused(`The price specified is inactive. This field only accepts active prices.`, `${param}[price]`)
  if (mode === 'subscription' && price.type !== 'recurring')
    throw refused('You must provide at least one recurring price in `subscription` mode when using prices.', param)
  if (mode === 'payment' && price.type === 'recurring')
    throw refused(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      param,
    )
  return makeLineItem(price, quantity, nameOf(provider, price))
}
