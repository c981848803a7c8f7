import type Stripe from 'stripe'
import { newId } from '../state/ids.ts'
import type { CheckoutSession, Customer, LineItem, Price } from '../state/resources.ts'

export const makeLineItem = (price: Price, quantity: number, description: string): LineItem => ({
  id: newId('li'),
  object: 'item',
  adjustable_quantity: null,
  amount_discount: 0,
  amount_subtotal: price.unit_amount * quantity,
  amount_tax: 0,
  amount_total: price.unit_amount * quantity,
  currency: price.currency,
  description,
  metadata: {},
  price,
  quantity,
})

interface SessionFields {
  readonly origin: string
  readonly mode: 'subscription' | 'payment'
  readonly customer: Customer
  readonly currency: string
  readonly successUrl: string
  readonly cancelUrl: string | null
  readonly clientReferenceId: string | null
  readonly metadata: Record<string, string>
  /** In mode `payment`: the invoice that is created on completion. */
  readonly invoices: { readonly enabled: boolean; readonly description: string | null }
  readonly allowPromotionCodes: boolean | null
  readonly expiresAt: number
  readonly created: number
}

export function makeCheckoutSession(fields: SessionFields): CheckoutSession {
  const id = `cs_test_${newId('a', 56).slice(2)}`
  const subscribes = fields.mode === 'subscription'
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: fields.allowPromotionCodes,
    allowed_payment_method_types: null,
    amount_subtotal: 0,
    amount_total: 0,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: fields.cancelUrl,
    client_reference_id: fields.clientReferenceId,
    client_secret: null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent: null,
    consent_collection: null,
    created: fields.created,
    currency: fields.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: fields.customer.id,
    customer_account: null,
    customer_creation: null,
    customer_details: customerDetails(fields.customer.email, fields.customer.name ?? null),
    customer_email: null,
    discounts: [],
    expires_at: fields.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: subscribes
      ? null
      : {
          enabled: fields.invoices.enabled,
          invoice_data: {
            account_tax_ids: null,
            custom_fields: null,
            description: fields.invoices.description,
            footer: null,
            issuer: null,
            metadata: {},
            rendering_options: null,
          },
        },
    livemode: false,
    locale: null,
    managed_payments: { enabled: false },
    metadata: fields.metadata,
    mode: fields.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: subscribes
      ? { allow_redisplay_filters: ['always'], payment_method_remove: 'disabled', payment_method_save: null }
      : null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: fields.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${fields.origin}/c/pay/${id}`,
    wallet_options: null,
  }
}

export const customerDetails = (email: string | null, name: string | null) =>
  ({
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }) satisfies Stripe.Checkout.Session.CustomerDetails

interface PortalFields {
  readonly origin: string
  readonly customer: string
  readonly returnUrl: string
  readonly flow: Stripe.BillingPortal.Session.Flow | null
  readonly created: number
}

export function makePortalSession(fields: PortalFields) {
  const id = newId('bps')
  return {
    id,
    object: 'billing_portal.session',
    // There is one configuration. No endpoint returns it.
    configuration: 'bpc_local',
    created: fields.created,
    customer: fields.customer,
    customer_account: null,
    flow: fields.flow,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: fields.returnUrl,
    url: `${fields.origin}/p/session/${id}`,
  } satisfies Stripe.BillingPortal.Session
}
