import type Stripe from 'stripe'
import { StripeProblem } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import { change, type Provider } from '../state/provider.ts'
import { planPriceChange, type PriceChange } from './change-price.ts'
import { computeInvoice, itemOf } from './invoicing.ts'
import type { Outcome } from './pay.ts'
import { issueInvoice, settleInvoice } from './settle.ts'

type Behavior = Stripe.SubscriptionUpdateParams.PaymentBehavior

/** How long an update that could not be paid waits for its payment, in seconds. */
const pendingSeconds = 23 * 3600

/**
 * Changes the price of a subscription, with its other changes, and invoices what there is to invoice.
 *
 * @throws StripeProblem 402 with `error_if_incomplete`: the caller's transaction takes everything back
 */
export function applyPriceChange(
  provider: Provider,
  subscription: Subscription,
  wanted: PriceChange,
  behavior: Behavior,
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
  const pendingInvoice = behavior === 'pending_if_incomplete' ? invoice.id : null
  store.put('billingNote', { ...note, pendingLines: [], pendingInvoice })
  if (behavior === 'pending_if_incomplete') return waitForPayment(provider, subscription, planned.subscription, invoice)
  const changes = { ...others, items, billing_cycle_anchor, latest_invoice: invoice.id }
  change(provider, 'subscription', subscription, changes, updated)
  const outcome = settleInvoice(provider, issueInvoice(provider, invoice), { presence: 'absent', automatic: true })
  if (outcome.kind !== 'paid' && behavior === 'error_if_incomplete') throw asSubscriptionProblem(outcome)
}

const updated = 'customer.subscription.updated'

/** The invoice for a change of price, with the prorations that already waited; computed, not kept. */
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

/** Nothing changes until the invoice is paid. */
function waitForPayment(
  provider: Provider,
  subscription: Subscription,
  wanted: Subscription,
  invoice: ReturnType<typeof computeChange>,
): void {
  const pending = {
    billing_cycle_anchor: null,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: provider.clock.seconds() + pendingSeconds,
    metadata: null,
    subscription_items: wanted.items.data,
    trial_end: null,
    trial_from_plan: null,
  } satisfies Stripe.Subscription.PendingUpdate
  // Told before it is paid: paying applies it, and that is told next.
  change(provider, 'subscription', subscription, { pending_update: pending, latest_invoice: invoice.id }, updated)
  settleInvoice(provider, issueInvoice(provider, invoice), { presence: 'absent', automatic: false })
}

/** The words that Stripe has for a change that needs a payment and did not get it. */
export function asSubscriptionProblem(outcome: Exclude<Outcome, { kind: 'paid' }>): StripeProblem {
  if (outcome.kind === 'failed') return outcome.problem
  return new StripeProblem(402, {
    ...outcome.problem.body,
    code: 'subscription_payment_intent_requires_action',
    message: 'Payment for this subscription requires additional user action before it can be completed successfully.',
  })
}
