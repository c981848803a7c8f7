import type Stripe from 'stripe'

// The stored objects, in the shapes of Stripe's SDK. References to other objects are ids, which answers may expand.

export interface Customer extends Stripe.Customer {
  invoice_settings: Stripe.Customer['invoice_settings'] & { default_payment_method: string | null }
}
/** The answer for a deleted customer. */
export type DeletedCustomer = Pick<Stripe.DeletedCustomer, 'id' | 'object' | 'deleted'>
export interface Price extends Stripe.Price {
  product: string
  unit_amount: number
}
export interface PromotionCode extends Stripe.PromotionCode {
  customer: string | null
  promotion: { coupon: string; type: 'coupon' }
}
export interface Discount extends Stripe.Discount {
  promotion_code: string | null
  source: { coupon: string; type: 'coupon' }
}
export interface SubscriptionItem extends Stripe.SubscriptionItem {
  price: Price
  quantity: number
}
export interface Subscription extends Stripe.Subscription {
  customer: string
  default_payment_method: string | null
  discounts: string[]
  items: Stripe.ApiList<SubscriptionItem>
  latest_invoice: string | null
  schedule: string | null
}
export interface Phase extends Stripe.SubscriptionSchedule.Phase {
  items: (Stripe.SubscriptionSchedule.Phase.Item & { price: string; quantity: number })[]
}
export interface Schedule extends Stripe.SubscriptionSchedule {
  customer: string
  phases: Phase[]
  subscription: string | null
}
export interface InvoiceLine extends Stripe.InvoiceLineItem {
  discounts: string[]
  quantity: number
  discount_amounts: { amount: number; discount: string }[]
}
export interface Invoice extends Stripe.Invoice {
  customer: string
  default_payment_method: string | null
  discounts: string[]
  lines: Stripe.ApiList<InvoiceLine>
}
export interface InvoicePayment extends Stripe.InvoicePayment {
  invoice: string
  payment: { type: 'payment_intent'; payment_intent: string }
}
export interface PaymentIntent extends Stripe.PaymentIntent {
  customer: string | null
  payment_method: string | null
  latest_charge: string | null
}
export interface Charge extends Stripe.Charge {
  customer: string | null
  payment_intent: string
}
export interface PaymentMethod extends Stripe.PaymentMethod {
  customer: string | null
  card: Stripe.PaymentMethod.Card
}
export interface Refund extends Stripe.Refund {
  charge: string
  payment_intent: string
}
export interface Dispute extends Stripe.Dispute {
  charge: string
  payment_intent: string
}
export interface CheckoutSession extends Stripe.Checkout.Session {
  customer: string
  subscription: string | null
  invoice: string | null
  payment_intent: string | null
  discounts: { coupon: string; promotion_code: string }[]
  amount_subtotal: number
  amount_total: number
  currency: string
  url: string | null
}
export interface LineItem extends Stripe.LineItem {
  price: Price
  quantity: number
}
/** An event with its object as it was at that time. */
export interface StoredEvent {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: object; previous_attributes?: object }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
