import type Stripe from 'stripe'
import { planOf } from '../objects/catalogue.ts'
import type { Price, Subscription } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { periodEndAfter } from './calendar.ts'
import { isSameInterval } from './change-price.ts'
import { endSubscription } from './end.ts'
import { computeInvoice, itemOf, periodLine, withItem, type Period } from './invoicing.ts'
import type { Outcome } from './pay.ts'
import { issueInvoice, settleInvoice } from './settle.ts'

/**
 * The end of a period, or of a trial: the next one begins and is billed.
 *
 * @param next what the next period is for, when that changes with it
 */
export function turnPeriod(
  provider: Provider,
  subscription: Subscription,
  next?: { price: Price; quantity: number },
): Outcome {
  if (subscription.status === 'trialing') return endTrial(provider, subscription, 'subscription_cycle')
  const { price: old, current_period_end: start, current_period_start: previousStart } = itemOf(subscription)
  const price = next?.price ?? old
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const keepsDay = isSameInterval(old, price)
  const anchor = keepsDay ? subscription.billing_cycle_anchor : start
  const period = { start, end: periodEndAfter(anchor, start, price.recurring) }
  const changes = {
    ...(next && withItem(subscription, { ...next, plan: planOf(price) })),
    ...(!keepsDay && { billing_cycle_anchor: start }),
  }
  return bill(provider, subscription, period, changes, 'subscription_cycle', { start: previousStart, end: start })
}

/** A trial ends now: the first paid period begins, and the days are counted from here. */
export function endTrial(
  provider: Provider,
  subscription: Subscription,
  reason: Stripe.Invoice.BillingReason,
): Outcome {
  const now = provider.clock.seconds()
  const behaviour = subscription.trial_settings?.end_behavior.missing_payment_method
  if (!hasMethod(provider, subscription) && behaviour === 'cancel') {
    endSubscription(provider, subscription, 'payment_failed')
    return { kind: 'paid' }
  }
  if (!hasMethod(provider, subscription) && behaviour === 'pause') {
    const paused = { status: 'paused' } as const
    const after = change(provider, 'subscription', subscription, paused, 'customer.subscription.updated')
    emitEvent(provider, 'customer.subscription.paused', after)
    return { kind: 'paid' }
  }
  const { price } = itemOf(subscription)
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const period = { start: now, end: periodEndAfter(now, now, price.recurring) }
  const changes = { status: 'active', trial_end: now, billing_cycle_anchor: now } as const
  const trial = { start: subscription.trial_start ?? now, end: now }
  return bill(provider, subscription, period, changes, reason, trial)
}

/** A subscription that paused for want of a card begins again, with a period from now on. */
export function resumePaused(provider: Provider, subscription: Subscription): Outcome {
  const outcome = endTrial(provider, subscription, 'subscription_cycle')
  emitEvent(provider, 'customer.subscription.resumed', provider.store.need('subscription', subscription.id))
  return outcome
}

function hasMethod({ store }: Provider, subscription: Subscription): boolean {
  const customer = store.need('customer', subscription.customer)
  return (subscription.default_payment_method ?? customer.invoice_settings.default_payment_method) !== null
}

function bill(
  provider: Provider,
  subscription: Subscription,
  period: Period,
  changes: Partial<Subscription>,
  reason: Stripe.Invoice.BillingReason,
  invoiced: Period,
): Outcome {
  const { store } = provider
  const note = store.need('billingNote', subscription.id)
  const changed = { ...subscription, ...changes }
  const turned = {
    ...changed,
    ...withItem(changed, { current_period_start: period.start, current_period_end: period.end }),
  }
  const lines = [...note.pendingLines, periodLine(provider, turned, period)]
  const invoice = computeInvoice(provider, turned, reason, lines, invoiced)
  store.put('billingNote', { ...note, pendingLines: [] })
  const told = { ...changes, items: turned.items, latest_invoice: invoice.id }
  change(provider, 'subscription', subscription, told, 'customer.subscription.updated')
  if (subscription.status === 'unpaid' || subscription.pause_collection) return hold(provider, subscription, invoice)
  return settleInvoice(provider, issueInvoice(provider, invoice), { presence: 'absent', automatic: true })
}

/** Invoices go on while nothing is collected, so that it can be seen later what was not paid. */
function hold(provider: Provider, subscription: Subscription, draft: ReturnType<typeof computeInvoice>): Outcome {
  const behaviour = subscription.pause_collection?.behavior ?? 'keep_as_draft'
  if (behaviour === 'keep_as_draft') {
    emitEvent(provider, 'invoice.created', provider.store.put('invoice', { ...draft, auto_advance: false }))
    return { kind: 'paid' }
  }
  const invoice = issueInvoice(provider, draft)
  const now = provider.clock.seconds()
  const isVoid = behaviour === 'void'
  const held = change(provider, 'invoice', invoice, {
    status: isVoid ? 'void' : 'uncollectible',
    auto_advance: false,
    status_transitions: {
      ...invoice.status_transitions,
      ...(isVoid ? { voided_at: now } : { marked_uncollectible_at: now }),
    },
  })
  emitEvent(provider, isVoid ? 'invoice.voided' : 'invoice.marked_uncollectible', held)
  return { kind: 'paid' }
}
