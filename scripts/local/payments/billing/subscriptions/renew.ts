import type Stripe from 'stripe'
import { planOf } from '../../objects/catalogue.ts'
import type { Price, Subscription } from '../../state/resources.ts'
import { change, type Provider } from '../../state/provider.ts'
import { periodEndAfter } from '../calendar.ts'
import { isSameInterval } from './change-price.ts'
import { computeInvoice, itemOf, periodLine, withItem, type Period } from '../invoices/invoicing.ts'
import type { Outcome } from '../invoices/pay.ts'
import { issueInvoice, settleInvoice } from '../invoices/settle.ts'

/**
 * Ends a period or a trial: the next period begins and is billed.
 *
 * @param next price and quantity of the next period, if they change with it
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

/** Ends a trial: the first paid period begins, and later periods are counted from now. */
export function endTrial(
  provider: Provider,
  subscription: Subscription,
  reason: Stripe.Invoice.BillingReason,
): Outcome {
  const now = provider.clock.seconds()
  const { price } = itemOf(subscription)
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const period = { start: now, end: periodEndAfter(now, now, price.recurring) }
  const changes = { status: 'active', trial_end: now, billing_cycle_anchor: now } as const
  const trial = { start: subscription.trial_start ?? now, end: now }
  return bill(provider, subscription, period, changes, reason, trial)
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
  const shown = { ...changes, items: turned.items, latest_invoice: invoice.id }
  change(provider, 'subscription', subscription, shown, 'customer.subscription.updated')
  return settleInvoice(provider, issueInvoice(provider, invoice), { presence: 'absent', automatic: true })
}
