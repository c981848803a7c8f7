import type Stripe from 'stripe'
import { StripeProblem } from '../../problem.ts'
import type { Subscription } from '../../state/resources.ts'
import { change, type Provider } from '../../state/provider.ts'
import { planPriceChange, type PriceChange } from './change-price.ts'
import { computeInvoice, itemOf } from '../invoices/invoicing.ts'
import type { Outcome } from '../invoices/pay.ts'
import { issueInvoice, settleInvoice } from '../invoices/settle.ts'

/** The effect of a failed payment: `allow_incomplete` keeps the change, `error_if_incomplete` reverts it. */
export type PaymentBehavior = Extract<
  Stripe.SubscriptionUpdateParams.PaymentBehavior,
  'allow_incomplete' | 'error_if_incomplete'
>

/**
 * Changes the price of a subscription together with other properties, and invoices the change.
 *
 * @throws StripeProblem 402 with `error_if_incomplete`. The transaction of the caller is rolled back.
 */
export function applyPriceChange(
  provider: Provider,
  subscription: Subscription,
  wanted: PriceChange,
  behavior: PaymentBehavior,
  others: Partial<Subscription>,
): void {
  const { store } = provider
  const planned = planPriceChange(provider, { ...subscription, ...others }, wanted)
  const { items, billing_cycle_anchor } = planned.subscription
  if (!planned.invoiced) {
    const note = store.need('billingNote', subscription.id)
    store.put('billingNote', { ...note, pendingLines: [...note.pendingLines, ...planned.lines] })
    change(provider, 'subscription', subscription, { ...others, items }, updated)
    return
  }
  const invoice = computeChange(provider, subscription, planned)
  const note = store.need('billingNote', subscription.id)
  store.put('billingNote', { ...note, pendingLines: [] })
  const changes = { ...others, items, billing_cycle_anchor, latest_invoice: invoice.id }
  change(provider, 'subscription', subscription, changes, updated)
  const outcome = settleInvoice(provider, issueInvoice(provider, invoice), { presence: 'absent', automatic: true })
  if (outcome.kind !== 'paid' && behavior === 'error_if_incomplete') throw asSubscriptionProblem(outcome)
}

const updated = 'customer.subscription.updated'

/** Computes the invoice of a price change, with earlier prorations that were not invoiced yet. Does not store it. */
export function computeChange(
  provider: Provider,
  subscription: Subscription,
  planned: ReturnType<typeof planPriceChange>,
) {
  const waiting = provider.store.get('billingNote', subscription.id)?.pendingLines ?? []
  const { current_period_start: start, current_period_end: end } = itemOf(planned.subscription)
  return computeInvoice(provider, planned.subscription, 'subscription_update', [...waiting, ...planned.lines], {
    start,
    end,
  })
}

/** Returns Stripe's error for a change whose payment failed. */
export function asSubscriptionProblem(outcome: Exclude<Outcome, { kind: 'paid' }>): StripeProblem {
  if (outcome.kind === 'failed') return outcome.problem
  return new StripeProblem(402, {
    ...outcome.problem.body,
    code: 'subscription_payment_intent_requires_action',
    message: 'Payment for this subscription requires additional user action before it can be completed successfully.',
  })
}
