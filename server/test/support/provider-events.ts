import { randomBytes } from 'node:crypto'
import { apiVersion } from '../../src/billing/provider/client.ts'

// Creates events in the payment provider's format, reduced to the fields that the server reads. Times are in seconds.

export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
export const id = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex')}`

export interface EventFields {
  readonly id?: string
  readonly created: number
  readonly previous?: Record<string, unknown>
  readonly apiVersion?: string | null
}

export function event(type: string, object: Record<string, unknown>, { created, previous, ...fields }: EventFields) {
  return {
    id: fields.id ?? id('evt'),
    object: 'event',
    type,
    api_version: fields.apiVersion === undefined ? apiVersion : fields.apiVersion,
    created,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: { object, ...(previous && { previous_attributes: previous }) },
  }
}

export interface SubscriptionFields {
  readonly id: string
  readonly customer: string
  readonly price: string
  readonly status?: string
  readonly start: number
  readonly periodStart?: number
  readonly periodEnd: number | null
  readonly [key: string]: unknown
}

export function subscription({
  price,
  status = 'active',
  start,
  periodStart = start,
  periodEnd,
  ...fields
}: SubscriptionFields) {
  return {
    object: 'subscription',
    status,
    created: start,
    start_date: start,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    pause_collection: null,
    schedule: null,
    items: {
      object: 'list',
      data: [
        {
          object: 'subscription_item',
          price: { object: 'price', id: price },
          current_period_start: periodStart,
          current_period_end: periodEnd,
        },
      ],
    },
    ...fields,
  }
}

export interface InvoiceFields {
  readonly id: string
  readonly customer: string
  readonly subscription: string
  readonly start: number
  readonly end: number
  readonly proration?: boolean
  readonly status?: string
  /** The price that is charged. Default: the line names no price. */
  readonly price?: string
  /** The price whose unused time is credited, in a separate line. */
  readonly credits?: string
}

export function invoice({
  id: invoiceId,
  customer,
  subscription: paidFor,
  start,
  end,
  proration = false,
  status = 'paid',
  price,
  credits,
}: InvoiceFields) {
  const parent = {
    type: 'subscription_item_details',
    subscription_item_details: { proration, subscription: paidFor },
  }
  const line = (amount: number, of: string) => ({
    object: 'line_item',
    amount,
    period: { start, end },
    parent,
    pricing: { type: 'price_details', price_details: { price: of } },
  })
  return {
    object: 'invoice',
    id: invoiceId,
    customer,
    status,
    parent: { type: 'subscription_details', subscription_details: { subscription: paidFor } },
    lines: {
      object: 'list',
      data: [
        ...(credits === undefined ? [] : [line(-300, credits)]),
        price === undefined ? { object: 'line_item', period: { start, end }, parent } : line(500, price),
      ],
    },
  }
}

/** Creates an invoice payment. Like the provider's, it names neither the customer nor the subscription. */
export const invoicePayment = (invoiceId: string, paymentIntent: string) => ({
  object: 'invoice_payment',
  id: id('inpay'),
  invoice: invoiceId,
  status: 'paid',
  payment: { type: 'payment_intent', payment_intent: paymentIntent },
})

export const charge = (customer: string, paymentIntent: string, amount: number, refunded: number) => ({
  object: 'charge',
  id: id('ch'),
  customer,
  payment_intent: paymentIntent,
  amount,
  amount_refunded: refunded,
  refunded: refunded === amount,
})

/** Creates a dispute. Like the provider's, it does not name the customer. */
export const dispute = (paymentIntent: string, status: string) => ({
  object: 'dispute',
  id: id('du'),
  charge: id('ch'),
  payment_intent: paymentIntent,
  status,
})
