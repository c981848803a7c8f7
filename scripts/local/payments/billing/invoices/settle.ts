import type { Invoice, Subscription } from '../../state/resources.ts'
import { change, emitEvent, type Provider } from '../../state/provider.ts'
import { endSubscription } from '../subscriptions/end.ts'
import { finalizeInvoice, subscriptionOf } from './invoicing.ts'
import { attemptInvoice, type Attempt, type Outcome } from './pay.ts'

/** Stores a computed invoice, finalizes it, and emits both events. */
export function issueInvoice(provider: Provider, draft: Invoice): Invoice {
  provider.store.put('invoice', draft)
  emitEvent(provider, 'invoice.created', draft)
  return finalizeInvoice(provider, draft)
}

/** Tries to pay an invoice and sets the status of its subscription accordingly. */
export function settleInvoice(provider: Provider, invoice: Invoice, attempt: Attempt): Outcome {
  const { outcome, invoice: after } = attemptInvoice(provider, invoice, attempt)
  const subscription = subscriptionOf(provider, after)
  if (subscription) {
    if (outcome.kind === 'paid') afterPayment(provider, subscription, after)
    else afterFailure(provider, subscription, after, attempt)
  }
  return outcome
}

function afterPayment(provider: Provider, subscription: Subscription, invoice: Invoice): void {
  // The status follows the latest invoice. A late payment of an older invoice does not change it.
  if (subscription.latest_invoice !== invoice.id) return
  if (['past_due', 'incomplete'].includes(subscription.status)) {
    change(provider, 'subscription', subscription, { status: 'active' }, 'customer.subscription.updated')
  }
}

function afterFailure(provider: Provider, subscription: Subscription, invoice: Invoice, { automatic }: Attempt): void {
  if (subscription.status === 'incomplete') return
  if (subscription.status === 'active' && subscription.latest_invoice === invoice.id) {
    change(provider, 'subscription', subscription, { status: 'past_due' }, 'customer.subscription.updated')
    return
  }
  const isLast = automatic && invoice.next_payment_attempt === null && invoice.attempt_count > 1
  if (isLast && subscription.status === 'past_due') endSubscription(provider, subscription, 'payment_failed')
}
