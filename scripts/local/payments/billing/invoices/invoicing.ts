import type Stripe from 'stripe'
import { makeInvoice, makeLine } from '../../objects/invoice.ts'
import { newId } from '../../state/ids.ts'
import type { Invoice, InvoiceLine, Price, Subscription } from '../../state/resources.ts'
import { change, emitEvent, type Provider } from '../../state/provider.ts'
import { discountLines, liveDiscounts } from './discounts.ts'
import { formatAmount } from '../format.ts'

export interface Period {
  readonly start: number
  readonly end: number
}

/** Returns the item of a subscription. Subscriptions of this double have exactly one. */
export function itemOf(subscription: Subscription) {
  const [item] = subscription.items.data
  if (!item) throw new Error(`${subscription.id} has no item.`)
  return item
}

/** Returns the items of a subscription with changes. Does not store them. */
export const withItem = (
  subscription: Subscription,
  changes: Partial<ReturnType<typeof itemOf>>,
): Pick<Subscription, 'items'> => ({
  items: { ...subscription.items, data: [{ ...itemOf(subscription), ...changes }] },
})

export function nameOf({ store }: Provider, price: Price): string {
  return store.get('product', price.product)?.name ?? price.nickname ?? price.id
}

/** Makes the line of a whole period. */
export function periodLine(
  provider: Provider,
  subscription: Subscription,
  period: Period,
  isTrial = false,
): InvoiceLine {
  const { price, quantity } = itemOf(subscription)
  const name = nameOf(provider, price)
  const interval = price.recurring?.interval ?? 'month'
  return makeLine({
    subscription,
    price,
    quantity,
    amount: isTrial ? 0 : price.unit_amount * quantity,
    description: isTrial
      ? `Trial period for ${name}`
      : `${quantity} × ${name} (at ${formatAmount(price.unit_amount, price.currency)} / ${interval})`,
    period,
    proration: false,
    discountable: true,
  })
}

/** Computes an invoice. Does not store it. */
export function computeInvoice(
  provider: Provider,
  subscription: Subscription,
  reason: Stripe.Invoice.BillingReason,
  lines: readonly InvoiceLine[],
  period: Period,
): Invoice {
  const customer = provider.store.need('customer', subscription.customer)
  const discounted = discountLines(lines, liveDiscounts(provider, subscription))
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const total = subtotal - discounted.amounts.reduce((sum, one) => sum + one.amount, 0)
  const balance = total + customer.balance
  return makeInvoice({
    customer,
    subscription,
    currency: subscription.currency,
    reason,
    lines: discounted.lines,
    period,
    totals: { subtotal, total, due: Math.max(0, balance) },
    discounts: discounted.amounts,
    endingBalance: Math.min(0, balance),
    created: provider.clock.seconds(),
  })
}

/** Finalizes a draft: it gets a number and a page, and uses the credit of the customer. */
export function finalizeInvoice(provider: Provider, draft: Invoice): Invoice {
  const { store, clock, origin } = provider
  const customer = store.need('customer', draft.customer)
  const sequence = customer.next_invoice_sequence ?? 1
  change(provider, 'customer', customer, { next_invoice_sequence: sequence + 1 })
  if (draft.ending_balance !== null && draft.ending_balance !== customer.balance) {
    change(
      provider,
      'customer',
      store.need('customer', customer.id),
      { balance: draft.ending_balance },
      'customer.updated',
    )
  }
  endUsedDiscounts(provider, draft)
  const { id: token } = store.put('hostedNote', { id: newId('live', 32).slice(5), invoice: draft.id })
  const invoice = change(provider, 'invoice', draft, {
    number: `${customer.invoice_prefix ?? 'GATEPOST'}-${String(sequence).padStart(4, '0')}`,
    hosted_invoice_url: `${origin}/i/${token}`,
    invoice_pdf: `${origin}/i/${token}/pdf`,
    effective_at: clock.seconds(),
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: clock.seconds() },
  })
  emitEvent(provider, 'invoice.finalized', invoice)
  return invoice
}

/** Ends the discounts of coupons with the duration `once`, after the first invoice that they reduced. */
function endUsedDiscounts(provider: Provider, invoice: Invoice): void {
  const { store, clock } = provider
  for (const { amount, discount: id } of invoice.total_discount_amounts as { amount: number; discount: string }[]) {
    const discount = store.get('discount', id)
    if (amount === 0 || !discount) continue
    if (store.get('coupon', discount.source.coupon)?.duration !== 'once') continue
    store.put('discount', { ...discount, end: clock.seconds() })
    const subscription = store.get('subscription', discount.subscription)
    if (subscription) {
      change(provider, 'subscription', subscription, { discounts: subscription.discounts.filter((one) => one !== id) })
    }
  }
}

/** Returns the subscription of an invoice. */
export function subscriptionOf({ store }: Provider, invoice: Invoice): Subscription | undefined {
  const of = invoice.parent?.subscription_details?.subscription
  return typeof of === 'string' ? store.get('subscription', of) : undefined
}

/** Voids an open invoice and cancels its payments. */
export function voidInvoice(provider: Provider, invoice: Invoice): Invoice {
  const { store, clock } = provider
  for (const payment of store.all('invoice_payment')) {
    if (payment.invoice !== invoice.id || payment.status !== 'open') continue
    const canceled_at = clock.seconds()
    change(provider, 'invoice_payment', payment, {
      status: 'canceled',
      status_transitions: { ...payment.status_transitions, canceled_at },
    })
    const intent = store.need('payment_intent', payment.payment.payment_intent)
    const cancellation = { status: 'canceled', canceled_at, cancellation_reason: 'void_invoice' } as const
    emitEvent(provider, 'payment_intent.canceled', change(provider, 'payment_intent', intent, cancellation))
  }
  const voided = change(provider, 'invoice', invoice, {
    status: 'void',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, voided_at: clock.seconds() },
  })
  emitEvent(provider, 'invoice.voided', voided)
  return voided
}
