import { makeInvoicePayment } from '../objects/invoice.ts'
import { makeCharge } from '../objects/charge.ts'
import { makePaymentIntent } from '../objects/payment-intent.ts'
import { declined, StripeProblem } from '../problem.ts'
import type { Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from '../state/resources.ts'
import { change, tell, type World } from '../state/world.ts'
import { cardOf, judge, type Presence } from './cards.ts'
import { subscriptionOf } from './invoicing.ts'

/** The pauses before the automatic retries, in days, each after the attempt before it; Stripe's own default. */
export const retryPauseDays = [3, 5, 7] as const

export interface Attempt {
  /** Empty: what the subscription or the customer has. */
  readonly method?: string | null
  readonly presence: Presence
  /** Counts towards the retries. */
  readonly automatic: boolean
}

export type Outcome =
  | { readonly kind: 'paid' }
  | { readonly kind: 'failed'; readonly problem: StripeProblem }
  | { readonly kind: 'asks'; readonly problem: StripeProblem }

/** Charges a payment intent; tells of the charge and of the intent. */
export function chargeIntent(
  world: World,
  intent: PaymentIntent,
  method: PaymentMethod,
  presence: Presence,
): Outcome & { intent: PaymentIntent } {
  const { store, clock } = world
  const { card, authenticated } = cardOf(world, method)
  const verdict = judge(card, authenticated, presence)
  if (verdict.kind === 'asks') {
    const waiting = change(world, 'payment_intent', intent, {
      payment_method: method.id,
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} },
    })
    tell(world, 'payment_intent.requires_action', waiting)
    return { kind: 'asks', intent: waiting, problem: actionRequired(waiting) }
  }
  if (presence === 'confirmed') store.put('cardNote', { id: method.id, number: card.number, authenticated: true })
  const failure = verdict.kind === 'declined' ? verdict.decline : null
  const charge = store.put('charge', makeCharge({ intent, method, created: clock.seconds(), failure }))
  if (failure) {
    const error = {
      type: 'card_error',
      code: failure.code,
      decline_code: failure.declineCode,
      message: failure.message,
      charge: charge.id,
      payment_method: method,
    }
    const failed = change(world, 'payment_intent', intent, {
      payment_method: null,
      latest_charge: charge.id,
      last_payment_error: error,
      next_action: null,
      status: 'requires_payment_method',
    })
    tell(world, 'charge.failed', charge)
    tell(world, 'payment_intent.payment_failed', failed)
    return { kind: 'failed', intent: failed, problem: declined(failure, { charge: charge.id, payment_intent: failed }) }
  }
  const paid = change(world, 'payment_intent', intent, {
    amount_received: intent.amount,
    payment_method: method.id,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    status: 'succeeded',
  })
  tell(world, 'charge.succeeded', charge)
  tell(world, 'payment_intent.succeeded', paid)
  return { kind: 'paid', intent: paid }
}

/** Tries to pay an open invoice, and tells how it went. What becomes of its subscription is for the caller. */
export function attemptInvoice(
  world: World,
  invoice: Invoice,
  attempt: Attempt,
): { outcome: Outcome; invoice: Invoice } {
  if (invoice.amount_remaining === 0) return { outcome: { kind: 'paid' }, invoice: markPaid(world, invoice, 0, {}) }
  const [payment, intent] = paymentOf(world, invoice)
  const counted = countAttempt(world, invoice, attempt)
  const method = methodFor(world, invoice, attempt)
  if (!method) {
    const failed = change(world, 'invoice', invoice, counted)
    tell(world, 'invoice.payment_failed', failed)
    return { outcome: { kind: 'failed', problem: noMethod() }, invoice: failed }
  }
  const outcome = chargeIntent(world, intent, method, attempt.presence)
  if (outcome.kind === 'asks') {
    const waiting = change(world, 'invoice', invoice, counted)
    tell(world, 'invoice.payment_action_required', waiting)
    return { outcome, invoice: waiting }
  }
  if (outcome.kind === 'failed') {
    const failed = change(world, 'invoice', invoice, counted)
    tell(world, 'invoice.payment_failed', failed)
    return { outcome, invoice: failed }
  }
  return { outcome, invoice: completePayment(world, invoice, payment, counted) }
}

/**
 * Settles an open invoice by a payment that went through before it was made.
 *
 * @param intent null: there was nothing to pay
 */
export function settleByPayment(world: World, invoice: Invoice, intent: string | null): Invoice {
  if (intent === null) return markPaid(world, invoice, 0, {})
  const payment = makeInvoicePayment(invoice, intent, world.clock.seconds())
  return completePayment(world, invoice, world.store.put('invoice_payment', payment), {})
}

function completePayment(world: World, invoice: Invoice, payment: InvoicePayment, counted: Partial<Invoice>): Invoice {
  const paidPayment = change(world, 'invoice_payment', payment, {
    amount_paid: payment.amount_requested,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: world.clock.seconds() },
  })
  tell(world, 'invoice_payment.paid', paidPayment)
  return markPaid(world, invoice, payment.amount_requested, counted)
}

function markPaid(world: World, invoice: Invoice, amount: number, counted: Partial<Invoice>): Invoice {
  const paid = change(world, 'invoice', invoice, {
    ...counted,
    amount_paid: amount,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: world.clock.seconds() },
  })
  tell(world, 'invoice.paid', paid)
  tell(world, 'invoice.payment_succeeded', paid)
  return paid
}

/** The payment of an invoice that is still open, or a new one. */
function paymentOf(world: World, invoice: Invoice): [InvoicePayment, PaymentIntent] {
  const { store, clock } = world
  const open = store.all('invoice_payment').find((one) => one.invoice === invoice.id && one.status === 'open')
  if (open) return [open, store.need('payment_intent', open.payment.payment_intent)]
  const created = clock.seconds()
  const intent = makePaymentIntent({
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer: invoice.customer,
    description: invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    metadata: {},
    created,
  })
  store.put('payment_intent', intent)
  tell(world, 'payment_intent.created', intent)
  return [store.put('invoice_payment', makeInvoicePayment(invoice, intent.id, created)), intent]
}

/** The first attempt counts, whoever makes it; after it only the automatic ones do. */
function countAttempt(world: World, invoice: Invoice, { automatic }: Attempt): Partial<Invoice> {
  if (!automatic && invoice.attempt_count > 0) return { attempted: true }
  const pause = retryPauseDays[invoice.attempt_count]
  const retries = invoice.billing_reason !== 'subscription_create' && pause !== undefined
  return {
    attempted: true,
    attempt_count: invoice.attempt_count + 1,
    next_payment_attempt: retries ? world.clock.seconds() + pause * 86_400 : null,
  }
}

function methodFor(world: World, invoice: Invoice, { method }: Attempt): PaymentMethod | undefined {
  const { store } = world
  const candidates = [
    method,
    invoice.default_payment_method,
    subscriptionOf(world, invoice)?.default_payment_method,
    store.need('customer', invoice.customer).invoice_settings.default_payment_method,
  ]
  return store.get(
    'payment_method',
    candidates.find((one) => one != null),
  )
}

const actionRequired = (intent: PaymentIntent): StripeProblem =>
  new StripeProblem(402, {
    type: 'card_error',
    code: 'invoice_payment_intent_requires_action',
    message: 'This payment requires additional user action before it can be completed successfully.',
    payment_intent: intent,
  })

const noMethod = (): StripeProblem =>
  new StripeProblem(400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message:
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
  })
