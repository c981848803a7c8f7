import { z } from 'zod'
import { amountsOf, expireSession } from '../billing/checkout.ts'
import { nameOf } from '../billing/invoices/invoicing.ts'
import { makeCheckoutSession, makeLineItem } from '../objects/sessions.ts'
import { refused } from '../problem.ts'
import type { CheckoutSession, LineItem } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { addPrice, priceData } from './catalogue.ts'
import { find, need, pageOf } from './lists.ts'
import { address, flag, instant, integer, list, metadata, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const daySeconds = 86_400

const createShape = {
  mode: oneOf('subscription', 'payment'),
  customer: text,
  client_reference_id: z.string().max(200).optional(),
  line_items: list(
    z.strictObject({ price: text.optional(), price_data: priceData.optional(), quantity: integer.optional() }),
  ),
  success_url: address,
  cancel_url: address.optional(),
  metadata: metadata.optional(),
  subscription_data: z
    .strictObject({ trial_period_days: integer.refine((value) => value >= 1 && value <= 730) })
    .optional(),
  payment_intent_data: z.strictObject({ metadata }).optional(),
  invoice_creation: z
    .strictObject({ enabled: flag, invoice_data: z.strictObject({ description: text.optional() }).optional() })
    .optional(),
  allow_promotion_codes: flag.optional(),
  expires_at: instant.optional(),
}
type CreateParams = z.output<z.ZodObject<typeof createShape>>

export const checkoutRoutes: readonly Route[] = [
  route('POST', 'checkout/sessions', createShape, ({ provider, params }) => createSession(provider, params)),
  route(
    'GET',
    'checkout/sessions',
    { ...paging, customer: text.optional(), status: oneOf('open', 'complete', 'expired').optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'checkout.session',
        params,
        'checkout/sessions',
        (one) =>
          (!params.customer || one.customer === params.customer) && (!params.status || one.status === params.status),
      ),
  ),
  route('GET', 'checkout/sessions/:id', {}, ({ provider, id }) =>
    find(provider, 'checkout.session', id, 'checkout session'),
  ),
  route('POST', 'checkout/sessions/:id/expire', {}, ({ provider, id }) => {
    const session = find(provider, 'checkout.session', id, 'checkout session')
    if (session.status === 'open') return expireSession(provider, session)
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${String(session.status)}.`,
    )
  }),
]

function createSession(provider: Provider, params: CreateParams): CheckoutSession {
  const { store, clock, origin } = provider
  const now = clock.seconds()
  const { mode, expires_at: expiresAt = now + daySeconds } = params
  if (expiresAt < now + 30 * 60 || expiresAt > now + daySeconds) {
    throw refused(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      'expires_at',
    )
  }
  refuseOtherMode(params)
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
    customer: need(provider, 'customer', params.customer, 'customer'),
    currency: first.currency,
    successUrl: params.success_url,
    cancelUrl: params.cancel_url ?? null,
    clientReferenceId: params.client_reference_id ?? null,
    metadata: params.metadata ?? {},
    invoices: {
      enabled: params.invoice_creation?.enabled ?? false,
      description: params.invoice_creation?.invoice_data?.description ?? null,
    },
    allowPromotionCodes: params.allow_promotion_codes ?? null,
    expiresAt,
    created: now,
  })
  const note = store.put('checkoutNote', {
    id: session.id,
    lineItems,
    trialDays: params.subscription_data?.trial_period_days ?? 0,
    paymentMetadata: params.payment_intent_data?.metadata ?? {},
  })
  return store.put('checkout.session', { ...session, ...amountsOf(provider, note, []) })
}

/** Refuses the parameters that belong to the other mode. */
function refuseOtherMode(params: CreateParams): void {
  const foreign =
    params.mode === 'payment'
      ? (['subscription_data'] as const)
      : (['payment_intent_data', 'invoice_creation'] as const)
  const param = foreign.find((name) => params[name])
  if (param) throw refused(`You can not pass \`${param}\` in \`${params.mode}\` mode.`, param)
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
