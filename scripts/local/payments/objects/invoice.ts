import type Stripe from 'stripe'
import { newId } from '../state/ids.ts'
import type { Customer, Invoice, InvoiceLine, InvoicePayment, Price, Subscription } from '../state/resources.ts'
import { decimal, innerList } from './shared.ts'

interface LineFields {
  /** Null: the line of a single payment. */
  readonly subscription: Subscription | null
  readonly price: Price
  readonly quantity: number
  readonly amount: number
  readonly description: string
  readonly period: { readonly start: number; readonly end: number }
  readonly proration: boolean
  readonly discountable: boolean
  /** The lines that are credited. */
  readonly credits?: { readonly invoice: string; readonly lines: readonly string[] }
}

export const makeLine = (fields: LineFields): InvoiceLine => ({
  id: newId('il'),
  object: 'line_item',
  amount: fields.amount,
  currency: fields.price.currency,
  description: fields.description,
  discount_amounts: [],
  discountable: fields.discountable,
  discounts: [],
  invoice: null,
  livemode: false,
  metadata: fields.subscription?.metadata ?? {},
  parent: fields.subscription ? itemOf(fields, fields.subscription) : onceOf(),
  period: { ...fields.period },
  pretax_credit_amounts: [],
  pricing: {
    price_details: { price: fields.price.id, product: fields.price.product },
    type: 'price_details',
    unit_amount_decimal: decimal(fields.proration ? fields.amount : fields.price.unit_amount),
  },
  quantity: fields.quantity,
  quantity_decimal: decimal(fields.quantity),
  subscription: fields.subscription?.id ?? null,
  subtotal: fields.amount,
  taxes: [],
})

const itemOf = ({ proration, credits }: LineFields, { id, items }: Subscription): InvoiceLine['parent'] => ({
  invoice_item_details: null,
  subscription_item_details: {
    invoice_item: null,
    proration,
    proration_details: proration
      ? {
          credited_items: credits ? { invoice: credits.invoice, invoice_line_items: [...credits.lines] } : null,
        }
      : null,
    subscription: id,
    subscription_item: items.data[0]?.id ?? '',
  },
  type: 'subscription_item_details',
})

/** The invoice item has an id and is not stored: this double has no invoice items. */
const onceOf = (): InvoiceLine['parent'] => ({
  invoice_item_details: {
    invoice_item: newId('ii'),
    proration: false,
    proration_details: { credited_items: null },
    subscription: null,
  },
  subscription_item_details: null,
  type: 'invoice_item_details',
})

export interface InvoiceFields {
  readonly customer: Customer
  /** Null: the invoice of a single payment. */
  readonly subscription: Subscription | null
  readonly currency: string
  readonly description?: string | null
  readonly reason: Stripe.Invoice.BillingReason
  readonly lines: InvoiceLine[]
  readonly period: { readonly start: number; readonly end: number }
  readonly totals: { readonly subtotal: number; readonly total: number; readonly due: number }
  readonly discounts: { readonly amount: number; readonly discount: string }[]
  readonly endingBalance: number
  readonly created: number
}

/** Makes a draft. */
export function makeInvoice(fields: InvoiceFields): Invoice {
  const { customer, subscription, totals } = fields
  const id = newId('in')
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Gatepost',
    account_tax_ids: null,
    amount_due: totals.due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: totals.due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: fields.reason,
    collection_method: 'charge_automatically',
    created: fields.created,
    currency: fields.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: fields.description ?? null,
    discounts: fields.discounts.map((one) => one.discount),
    due_date: null,
    effective_at: null,
    ending_balance: fields.endingBalance,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: innerList(
      fields.lines.map((line) => ({ ...line, invoice: id })),
      `/v1/invoices/${id}/lines`,
    ),
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: subscription && {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: fields.period.end,
    period_start: fields.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotal,
    test_clock: null,
    total: totals.total,
    total_discount_amounts: [...fields.discounts],
    total_excluding_tax: totals.total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: fields.created,
  }
}

export const makeInvoicePayment = (invoice: Invoice, intent: string, created: number): InvoicePayment => ({
  id: newId('inpay'),
  object: 'invoice_payment',
  amount_paid: null,
  amount_requested: invoice.amount_remaining,
  created,
  currency: invoice.currency,
  invoice: invoice.id,
  is_default: true,
  livemode: false,
  payment: { type: 'payment_intent', payment_intent: intent },
  status: 'open',
  status_transitions: { canceled_at: null, paid_at: null },
})
