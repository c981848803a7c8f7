import type { Invoice, Subscription, SubscriptionItem } from '../state/resources.ts'
import { change, tell, type World } from '../state/world.ts'
import { endSubscription } from './end.ts'
import { isSameInterval } from './change-price.ts'
import { finalizeInvoice, itemOf, subscriptionOf, withItem } from './invoicing.ts'
import { attemptInvoice, type Attempt, type Outcome } from './pay.ts'

/** Keeps a computed invoice, makes it final and tells both. */
export function issueInvoice(world: World, draft: Invoice): Invoice {
  world.store.put('invoice', draft)
  tell(world, 'invoice.created', draft)
  return finalizeInvoice(world, draft)
}

/** Tries to pay an invoice and brings its subscription into the state that follows. */
export function settleInvoice(world: World, invoice: Invoice, attempt: Attempt): Outcome {
  const { outcome, invoice: after } = attemptInvoice(world, invoice, attempt)
  const subscription = subscriptionOf(world, after)
  if (subscription) {
    if (outcome.kind === 'paid') afterPayment(world, subscription, after)
    else afterFailure(world, subscription, after, attempt)
  }
  return outcome
}

function afterPayment(world: World, subscription: Subscription, invoice: Invoice): void {
  const note = world.store.get('billingNote', subscription.id)
  if (note?.pendingInvoice === invoice.id) return applyPendingUpdate(world, subscription)
  // The state follows the latest invoice; an older one that is paid late does not make up for it.
  if (subscription.latest_invoice !== invoice.id) return
  if (['past_due', 'unpaid', 'incomplete'].includes(subscription.status)) {
    change(world, 'subscription', subscription, { status: 'active' }, 'customer.subscription.updated')
  }
}

function afterFailure(world: World, subscription: Subscription, invoice: Invoice, { automatic }: Attempt): void {
  const note = world.store.get('billingNote', subscription.id)
  if (note?.pendingInvoice === invoice.id || subscription.status === 'incomplete') return
  if (subscription.status === 'active' && subscription.latest_invoice === invoice.id) {
    change(world, 'subscription', subscription, { status: 'past_due' }, 'customer.subscription.updated')
    return
  }
  const isLast = automatic && invoice.next_payment_attempt === null && invoice.attempt_count > 1
  if (!isLast || subscription.status !== 'past_due') return
  if (world.settings.after === 'cancel') endSubscription(world, subscription, 'payment_failed')
  else change(world, 'subscription', subscription, { status: 'unpaid' }, 'customer.subscription.updated')
}

/** What was asked for with `pending_if_incomplete` counts from its payment on. */
function applyPendingUpdate(world: World, subscription: Subscription): void {
  const { store } = world
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
  const after = change(world, 'subscription', subscription, all, 'customer.subscription.updated')
  tell(world, 'customer.subscription.pending_update_applied', after)
}
