import { makeInvoicePayment } from '../../objects/invoice.ts'
import { makeCharge } from '../../objects/charge.ts'
import { makePaymentIntent } from '../../objects/payment-intent.ts'
import { declined, StripeProblem } from '../../problem.ts'
import type { Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from '../../state/resources.ts'
import { change, emitEvent, type Provider } from '../../state/provider.ts'
import { cardOf, judge, type Presence } from '../cards.ts'
import { subscriptionOf } from './invoicing.ts'

/** The pauses before the automatic retries, in days, each after the previous attempt. Stripe's default. */
export const retryPauseDays = [3, 5, 7] as const

export interface Attempt {
  /** Default: the card of the subscription or of the customer. */
  readonly method?: string | null
  readonly presence: Presence
  /** The attempt counts as a retry. */
  readonly automatic: boolean
}

export type Outcome =
  | { readonly kind: 'paid' }
  | { readonly kind: 'failed'; readonly problem: StripeProblem }
  | { readonly kind: 'asks'; readonly problem: StripeProblem }

/** Charges a payment intent and emits the events of the charge and of the intent. */
export function chargeIntent(
  provider: Provider,
  intent: PaymentIntent,
  method: PaymentMethod,
  presence: Presence,
): Outcome & { intent: PaymentIntent } {
  const { store, clock } = provider
  const { card, authenticated } = cardOf(provider, method)
  const verdict = judge(card, authenticated, presence)
  if (verdict.kind === 'asks') {
    const waiting = change(provider, 'payment_intent', intent, {
      payment_method: method.id,
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} },
    })
    emitEvent(provider, 'payment_intent.requires_action', waiting)
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
    const failed = change(provider, 'payment_intent', intent, {
      payment_method: null,
      latest_charge: charge.id,
      last_payment_error: error,
      next_action: null,
      status: 'requires_payment_method',
    })
    emitEvent(provider, 'charge.failed', charge)
    emitEvent(provider, 'payment_intent.payment_failed', failed)
    return { kind: 'failed', intent: failed, problem: declined(failure, { charge: charge.id, payment_intent: failed }) }
  }
  const paid = change(provider, 'payment_intent', intent, {
    amount_received: intent.amount,
    payment_method: method.id,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    status: 'succeeded',
  })
  emitEvent(provider, 'charge.succeeded', charge)
  emitEvent(provider, 'payment_intent.succeeded', paid)
  return { kind: 'paid', intent: paid }
}

/** Tries to pay an open invoice and emits the events. The caller updates the subscription. */
export function attemptInvoice(
  provider: Provider,
  invoice: Invoice,
  attempt: Attempt,
): { outcome: Outcome; invoice: Invoice } {
  if (invoice.amount_remaining === 0) return { outcome: { kind: 'paid' }, invoice: markPaid(provider, invoice, 0, {}) }
  const [payment, intent] = paymentOf(provider, invoice)
  const counted = countAttempt(provider, invoice, attempt)
  const method = methodFor(provider, invoice, attempt)
  if (!method) {
    const failed = change(provider, 'invoice', invoice, counted)
    emitEvent(provider, 'invoice.payment_failed', failed)
    return { outcome: { kind: 'failed', problem: noMethod() }, invoice: failed }
  }
  const outcome = chargeIntent(provider, intent, method, attempt.presence)
  if (outcome.kind === 'asks') {
    const waiting = change(provider, 'invoice', invoice, counted)
    emitEvent(provider, 'invoice.payment_action_required', waiting)
    return { outcome, invoice: waiting }
  }
  if (outcome.kind === 'failed') {
    const failed = change(provider, 'invoice', invoice, counted)
    emitEvent(provider, 'invoice.payment_failed', failed)
    return { outcome, invoice: failed }
  }
  return { outcome, invoice: completePayment(provider, invoice, payment, counted) }
}

/**
 * Settles an open invoice with a payment that succeeded before.
 *
 * @param intent null: the amount was 0
 */
export function settleByPayment(provider: Provider, invoice: Invoice, intent: string | null): Invoice {
  if (intent === null) return markPaid(provider, invoice, 0, {})
  const payment = makeInvoicePayment(invoice, intent, provider.clock.seconds())
  return completePayment(provider, invoice, provider.store.put('invoice_payment', payment), {})
}

function completePayment(
  provider: Provider,
  invoice: Invoice,
  payment: InvoicePayment,
  counted: Partial<Invoice>,
): Invoice {
  const paidPayment = change(provider, 'invoice_payment', payment, {
    amount_paid: payment.amount_requested,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: provider.clock.seconds() },
  })
  emitEvent(provider, 'invoice_payment.paid', paidPayment)
  return markPaid(provider, invoice, payment.amount_requested, counted)
}

function markPaid(provider: Provider, invoice: Invoice, amount: number, counted: Partial<Invoice>): Invoice {
  const paid = change(provider, 'invoice', invoice, {
    ...counted,
    amount_paid: amount,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: provider.clock.seconds() },
  })
  emitEvent(provider, 'invoice.paid', paid)
  emitEvent(provider, 'invoice.payment_succeeded', paid)
  return paid
}

/** Returns the open payment of an invoice, or creates one. */
function paymentOf(provider: Provider, invoice: Invoice): [InvoicePayment, PaymentIntent] {
  const { store, clock } = provider
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
  emitEvent(provider, 'payment_intent.created', intent)
  return [store.put('invoice_payment', makeInvoicePayment(invoice, intent.id, created)), intent]
}

/** Counts an attempt: the first one always, later ones only if they are automatic. */
function countAttempt(provider: Provider, invoice: Invoice, { automatic }: Attempt): Partial<Invoice> {
  if (!automatic && invoice.attempt_count > 0) return { attempted: true }
  const pause = retryPauseDays[invoice.attempt_count]
  const retries = invoice.billing_reason !== 'subscription_create' && pause !== undefined
  return {
    attempted: true,
    attempt_count: invoice.attempt_count + 1,
    next_payment_attempt: retries ? provider.clock.seconds() + pause * 86_400 : null,
  }
}

function methodFor(provider: Provider, invoice: Invoice, { method }: Attempt): PaymentMethod | undefined {
  const { store } = provider
  const candidates = [
    method,
    invoice.default_payment_method,
    subscriptionOf(provider, invoice)?.default_payment_method,
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
