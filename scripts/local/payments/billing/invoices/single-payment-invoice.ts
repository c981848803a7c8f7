import { makeInvoice, makeLine } from '../../objects/invoice.ts'
import type { CheckoutSession, Invoice } from '../../state/resources.ts'
import type { Provider } from '../../state/provider.ts'
import { discountLines, redeem, type DiscountSource } from './discounts.ts'
import { settleByPayment } from './pay.ts'
import { issueInvoice } from './settle.ts'

/**
 * Creates the invoice of a single payment. As with Stripe, it is created after the payment, is paid from the start, and has no
 * subscription.
 *
 * @param intent null: the amount was 0
 */
export function makeSinglePaymentInvoice(
  provider: Provider,
  session: CheckoutSession,
  sources: readonly DiscountSource[],
  intent: string | null,
): Invoice {
  const { store, clock } = provider
  const customer = store.need('customer', session.customer)
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
    redeem(provider, source, { customer: session.customer, subscription: null }, session.id),
  )
  const discounts = redeemed.map(({ id, source }) => ({ id, coupon: store.need('coupon', source.coupon) }))
  const discounted = discountLines(lines, discounts)
  const draft = makeInvoice({
    customer,
    subscription: null,
    currency: session.currency,
    description: session.invoice_creation?.invoice_data.description ?? null,
    reason: 'manual',
    lines: discounted.lines,
    period,
    totals: { subtotal: session.amount_subtotal, total: session.amount_total, due: session.amount_total },
    discounts: discounted.amounts,
    // The customer's credit pays open invoices only, and this one is already paid.
    endingBalance: customer.balance,
    created: now,
  })
  return settleByPayment(provider, issueInvoice(provider, draft), intent)
}
