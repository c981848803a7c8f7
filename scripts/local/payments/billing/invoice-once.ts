import { makeInvoice, makeLine } from '../objects/invoice.ts'
import type { CheckoutSession, Invoice } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { discountLines, redeem, type DiscountSource } from './discounts.ts'
import { settleByPayment } from './pay.ts'
import { issueInvoice } from './settle.ts'

/**
 * The invoice of something that was paid once. As with Stripe it comes after the payment, is paid from the start, and has no
 * subscription.
 *
 * @param intent null: it cost nothing
 */
export function invoiceOnce(
  provider: Provider,
  session: CheckoutSession,
  customerId: string,
  sources: readonly DiscountSource[],
  intent: string | null,
): Invoice {
  const { store, clock } = provider
  const customer = store.need('customer', customerId)
  const now = clock.seconds()
  const period = { start: now, end: now }
  const lines = store.need('checkoutNote', session.id).lineItems.map((item) =>
    makeLine({
      subscription: null,
      price: item.price,
      quantity: item.quantity,
      amount: item.amount_subtotal,
      description: item.description ?? item.price.id,
      period,
      proration: false,
      discountable: true,
    }),
  )
  const redeemed = sources.map((source) =>
    redeem(provider, source, { customer: customerId, subscription: null }, session.id),
  )
  const discounts = redeemed.map(({ id, source }) => ({ id, coupon: store.need('coupon', source.coupon) }))
  const discounted = discountLines(lines, discounts)
  const data = session.invoice_creation?.invoice_data
  const draft = makeInvoice({
    customer,
    subscription: null,
    currency: session.currency,
    description: data?.description ?? null,
    metadata: data?.metadata ?? {},
    reason: 'manual',
    lines: discounted.lines,
    period,
    totals: { subtotal: session.amount_subtotal, total: session.amount_total, due: session.amount_total },
    discounts: discounted.amounts,
    // What the customer has to their credit pays invoices that are still open, and this was paid before.
    endingBalance: customer.balance,
    created: now,
  })
  return settleByPayment(provider, issueInvoice(provider, draft), intent)
}
