import { makeCustomer } from '../objects/customer.ts'
import { makePaymentIntent } from '../objects/payment-intent.ts'
import { customerDetails } from '../objects/sessions.ts'
import { declined, refused } from '../problem.ts'
import type { CheckoutNote } from '../state/notes.ts'
import type { CheckoutSession } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { judge, keepCard, type CardDetails, type Presence } from './cards.ts'
import { countRedemption, couponsOf, discountLines, type DiscountSource } from './discounts.ts'
import { invoiceOnce } from './invoice-once.ts'
import { chargeIntent } from './pay.ts'
import { subscribe } from './subscribe.ts'

/** What a session's amounts are with its discounts; of a trial nothing is due today. */
export function amountsOf(provider: Provider, note: CheckoutNote, discounts: CheckoutSession['discounts']) {
  // Line by line, as the invoice will: rounded elsewhere, it would say another total than the page.
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

/** What is due in each period after today, before discounts. */
export const regularAmount = (note: CheckoutNote): number =>
  note.lineItems.reduce((sum, line) => sum + line.amount_subtotal, 0)

export interface Payer {
  /** Null: nothing is to be paid, and nothing will be. */
  readonly card: CardDetails
  readonly presence: Presence
}

/**
 * Completes a session: creates the customer, the card, the subscription or the payment, and emits their events.
 *
 * Runs in one transaction: of two submits at once the second finds it completed, and of a decline nothing is left.
 *
 * @throws StripeProblem 400 when it is not open any more, 402 when the card is declined
 */
export function completeSession(provider: Provider, id: string, payer: Payer): CheckoutSession {
  return provider.store.transact(() => {
    const session = provider.store.need('checkout.session', id)
    if (session.status !== 'open') throw refused('This checkout is completed or has expired.')
    const { card, presence } = payer
    const verdict = judge(card.card, false, presence)
    // A trial has nothing to charge; the bank is asked all the same, as when a card is kept for later.
    if (verdict.kind === 'declined') throw declined(verdict.decline)
    const customer = session.customer ?? (needsCustomer(session) ? newCustomer(provider, session, card) : null)
    const made =
      session.mode === 'subscription'
        ? buySubscription(provider, session, customer, payer)
        : buyOnce(provider, session, customer, payer)
    const completed = change(provider, 'checkout.session', session, {
      ...made,
      customer,
      customer_details: customerDetails(card.email ?? session.customer_details?.email ?? null, card.name),
      payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
      status: 'complete',
      url: null,
    })
    emitEvent(provider, 'checkout.session.completed', completed)
    return completed
  })
}

// An invoice is always somebody's.
const needsCustomer = ({ mode, invoice_creation: invoices }: CheckoutSession): boolean =>
  mode === 'subscription' || invoices?.enabled === true

function newCustomer(provider: Provider, { customer_email }: CheckoutSession, { email, name }: CardDetails): string {
  const created = provider.clock.seconds()
  const customer = provider.store.put('customer', makeCustomer({ email: customer_email ?? email, name, created }))
  emitEvent(provider, 'customer.created', customer)
  return customer.id
}

function buySubscription(
  provider: Provider,
  session: CheckoutSession,
  customer: string | null,
  { card, presence }: Payer,
) {
  const note = provider.store.need('checkoutNote', session.id)
  const [line] = note.lineItems
  if (!line || customer === null) throw new Error(`${session.id} has nothing to subscribe to.`)
  const method = keepCard(provider, card, customer, presence === 'confirmed')
  const now = provider.clock.seconds()
  const { subscription, invoice, outcome } = subscribe(provider, {
    customer,
    price: provider.store.need('price', line.price.id),
    quantity: line.quantity,
    trialEnd: note.trialDays > 0 ? now + note.trialDays * 86_400 : null,
    method: method.id,
    discounts: sourcesOf(session),
    metadata: note.subscriptionMetadata,
    session: session.id,
    presence,
  })
  if (outcome.kind !== 'paid') throw outcome.problem
  return { subscription: subscription.id, invoice: invoice.id }
}

function buyOnce(provider: Provider, session: CheckoutSession, customer: string | null, payer: Payer) {
  const sources = sourcesOf(session)
  const intent = session.amount_total === 0 ? null : payOnce(provider, session, customer, payer)
  if (!session.invoice_creation?.enabled || customer === null) {
    for (const source of sources) countRedemption(provider, source)
    return { payment_intent: intent }
  }
  return { payment_intent: intent, invoice: invoiceOnce(provider, session, customer, sources, intent).id }
}

function payOnce(
  provider: Provider,
  session: CheckoutSession,
  customer: string | null,
  { card, presence }: Payer,
): string {
  const note = provider.store.need('checkoutNote', session.id)
  const method = keepCard(provider, card, null, presence === 'confirmed')
  const intent = provider.store.put(
    'payment_intent',
    makePaymentIntent({
      amount: session.amount_total,
      currency: session.currency,
      customer,
      description: null,
      metadata: note.paymentMetadata,
      created: provider.clock.seconds(),
    }),
  )
  emitEvent(provider, 'payment_intent.created', intent)
  const outcome = chargeIntent(provider, intent, method, presence)
  if (outcome.kind !== 'paid') throw outcome.problem
  return intent.id
}

const sourcesOf = ({ discounts }: CheckoutSession): DiscountSource[] =>
  discounts.flatMap(({ coupon, promotion_code }) => (coupon ? [{ coupon, promotionCode: promotion_code }] : []))

/** Nobody can complete it any more. */
export function expireSession(provider: Provider, session: CheckoutSession): CheckoutSession {
  const expired = change(provider, 'checkout.session', session, { status: 'expired', url: null })
  emitEvent(provider, 'checkout.session.expired', expired)
  return expired
}
