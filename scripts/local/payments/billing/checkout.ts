import { makePaymentIntent } from '../objects/payment-intent.ts'
import { customerDetails } from '../objects/sessions.ts'
import { declined, refused } from '../problem.ts'
import type { CheckoutNote } from '../state/notes.ts'
import type { CheckoutSession } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { judge, keepCard, type CardDetails, type Presence } from './cards.ts'
import { countRedemption, couponsOf, discountLines, type DiscountSource } from './invoices/discounts.ts'
import { makeSinglePaymentInvoice } from './invoices/single-payment-invoice.ts'
import { chargeIntent } from './invoices/pay.ts'
import { subscribe } from './subscriptions/subscribe.ts'

/** Computes the amounts of a session with its discounts. With a trial, nothing is due today. */
export function amountsOf(provider: Provider, note: CheckoutNote, discounts: CheckoutSession['discounts']) {
  // Rounded for each line, as in the invoice. Otherwise the totals of the page and the invoice could differ.
  const lines = note.lineItems.map((line) => ({
    amount: note.trialDays > 0 ? 0 : line.amount_subtotal,
    discountable: true,
    discounts: [],
    discount_amounts: [],
  }))
  const due = lines.reduce((sum, { amount }) => sum + amount, 0)
  const coupons = couponsOf(provider, discounts).map((coupon) => ({ id: coupon.id, coupon }))
  const off = discountLines(lines, coupons).amounts.reduce((sum, { amount }) => sum + amount, 0)
  return {
    amount_subtotal: due,
    amount_total: due - off,
    total_details: { amount_discount: off, amount_shipping: 0, amount_tax: 0 },
  }
}

/** Returns the amount of each later period, before discounts. */
export const regularAmount = (note: CheckoutNote): number =>
  note.lineItems.reduce((sum, line) => sum + line.amount_subtotal, 0)

export interface Payer {
  readonly card: CardDetails
  readonly presence: Presence
}

/**
 * Completes a session: creates the card and the subscription or the payment, and emits their events.
 *
 * Runs in one transaction. Of two submissions at once the second finds it completed, and a decline leaves nothing behind.
 *
 * @throws StripeProblem 400 if the session is no longer open, 402 if the card is declined
 */
export function completeSession(provider: Provider, id: string, payer: Payer): CheckoutSession {
  return provider.store.transact(() => {
    const session = provider.store.need('checkout.session', id)
    if (session.status !== 'open') throw refused('This checkout is completed or has expired.')
    const { card, presence } = payer
    const verdict = judge(card.card, false, presence)
    // Also for a trial, which charges nothing now: the card is stored for later.
    if (verdict.kind === 'declined') throw declined(verdict.decline)
    const made =
      session.mode === 'subscription' ? buySubscription(provider, session, payer) : buyOnce(provider, session, payer)
    const completed = change(provider, 'checkout.session', session, {
      ...made,
      customer_details: customerDetails(session.customer_details?.email ?? null, card.name),
      payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
      status: 'complete',
      url: null,
    })
    emitEvent(provider, 'checkout.session.completed', completed)
    return completed
  })
}

function buySubscription(provider: Provider, session: CheckoutSession, { card, presence }: Payer) {
  const { store, clock } = provider
  const { customer } = session
  const note = store.need('checkoutNote', session.id)
  const [line] = note.lineItems
  if (!line) throw new Error(`${session.id} has nothing to subscribe to.`)
  const { subscription, invoice, outcome } = subscribe(provider, {
    customer,
    price: store.need('price', line.price.id),
    quantity: line.quantity,
    trialEnd: note.trialDays > 0 ? clock.seconds() + note.trialDays * 86_400 : null,
    method: keepCard(provider, card, customer, presence === 'confirmed').id,
    discounts: sourcesOf(session),
    session: session.id,
    presence,
  })
  if (outcome.kind !== 'paid') throw outcome.problem
  return { subscription: subscription.id, invoice: invoice.id }
}

function buyOnce(provider: Provider, session: CheckoutSession, payer: Payer) {
  const sources = sourcesOf(session)
  const intent = session.amount_total === 0 ? null : payOnce(provider, session, payer)
  if (session.invoice_creation?.enabled)
    return { payment_intent: intent, invoice: makeSinglePaymentInvoice(provider, session, sources, intent).id }
  for (const source of sources) countRedemption(provider, source)
  return { payment_intent: intent }
}

function payOnce(provider: Provider, session: CheckoutSession, { card, presence }: Payer): string {
  const intent = provider.store.put(
    'payment_intent',
    makePaymentIntent({
      amount: session.amount_total,
      currency: session.currency,
      customer: session.customer,
      description: null,
      metadata: provider.store.need('checkoutNote', session.id).paymentMetadata,
      created: provider.clock.seconds(),
    }),
  )
  emitEvent(provider, 'payment_intent.created', intent)
  const method = keepCard(provider, card, null, presence === 'confirmed')
  const outcome = chargeIntent(provider, intent, method, presence)
  if (outcome.kind !== 'paid') throw outcome.problem
  return intent.id
}

const sourcesOf = ({ discounts }: CheckoutSession): DiscountSource[] =>
  discounts.map(({ coupon, promotion_code }) => ({ coupon, promotionCode: promotion_code }))

/** Expires a session: it can no longer be completed. */
export function expireSession(provider: Provider, session: CheckoutSession): CheckoutSession {
  const expired = change(provider, 'checkout.session', session, { status: 'expired', url: null })
  emitEvent(provider, 'checkout.session.expired', expired)
  return expired
}
