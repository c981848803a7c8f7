import type { Invoice, Subscription, SubscriptionItem } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { endSubscription } from './end.ts'
import { isSameInterval } from './change-price.ts'
import { finalizeInvoice, itemOf, subscriptionOf, withItem } from './invoicing.ts'
import { attemptInvoice, type Attempt, type Outcome } from './pay.ts'

/** Keeps a computed invoice, makes it final and tells both. */
export function issueInvoice(provider: Provider, draft: Invoice): Invoice {
  provider.store.put('invoice', draft)
  emitEvent(provider, 'invoice.created', draft)
  return finalizeInvoice(provider, draft)
}

/** Tries to pay an invoice and brings its subscription into the state that follows. */
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
  const note = provider.store.get('billingNote', subscription.id)
  if (note?.pendingInvoice === invoice.id) return applyPendingUpdate(provider, subscription)
  // The state follows the latest invoice; an older one that is paid late does not make up for it.
  if (subscription.latest_invoice !== invoice.id) return
  if (['past_due', 'unpaid', 'incomplete'].includes(subscription.status)) {
    change(provider, 'subscription', subscription, { status: 'active' }, 'customer.subscription.updated')
  }
}

function afterFailure(provider: Provider, subscription: Subscription, invoice: Invoice, { automatic }: Attempt): void {
  const note = provider.store.get('billingNote', subscription.id)
  if (note?.pendingInvoice === invoice.id || subscription.status === 'incomplete') return
  if (subscription.status === 'active' && subscription.latest_invoice === invoice.id) {
    change(provider, 'subscription', subscription, { status: 'past_due' }, 'customer.subscription.updated')
    return
  }
  const isLast = automatic && invoice.next_payment_attempt === null && invoice.attempt_count > 1
  if (!isLast || subscription.status !== 'past_due') return
  if (provider.settings.after === 'cancel') endSubscription(provider, subscription, 'payment_failed')
  else change(provider, 'subscription', subscription, { status: 'unpaid' }, 'customer.subscription.updated')
}

/** What was asked for with `pending_if_incomplete` counts from its payment on. */
function applyPendingUpdate(provider: Provider, subscription: Subscription): void {
  const { store } = provider
  const note = store.need('billingNote', subscription.id)
  const [wanted] = (subscription.pending_update?.subscription_items ?? []) as SubscriptionItem[]
  if (!wanted) return
  const { price, plan, quantity, current_period_start: start } = wanted
  const keepsDay = isSameInterval(itemOf(subscription).price, price)
  store.put('billingNote', { ...note, pendingInvoice: null })
  const changes = keepsDay
    ? withItem(subscription, { price, plan, quantity })
    : { ...withItem(subscription, wanted), billing_cycle_anchor: start }
  const all = { ...changes, pending_update: null }
  const after = change(provider, 'subscription', subscription, all, 'customer.subscription.updated')
  emitEvent(provider, 'customer.subscription.pending_update_applied', after)
}
