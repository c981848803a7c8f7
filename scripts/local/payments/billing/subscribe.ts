import type Stripe from 'stripe'
import { makeSubscription } from '../objects/subscription.ts'
import type { Invoice, Price, Subscription } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { periodEndAfter } from './calendar.ts'
import type { Presence } from './cards.ts'
import { redeem, type DiscountSource } from './discounts.ts'
import { computeInvoice, periodLine } from './invoicing.ts'
import type { Outcome } from './pay.ts'
import { issueInvoice, settleInvoice } from './settle.ts'

export interface NewSubscription {
  readonly customer: string
  readonly price: Price
  readonly quantity: number
  /** Null: no trial. */
  readonly trialEnd: number | null
  readonly method: string | null
  readonly discounts: readonly DiscountSource[]
  readonly metadata: Record<string, string>
  readonly description?: string | null
  readonly session: string | null
  readonly presence: Presence
  /** The first invoice waits for somebody to pay it. */
  readonly waits?: boolean
  readonly missingMethod?: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod
}

export interface Subscribed {
  readonly subscription: Subscription
  readonly invoice: Invoice
  readonly outcome: Outcome
}

/** Begins a subscription: its first invoice is made, and paid if it can be. What is unpaid leaves it incomplete. */
export function subscribe(provider: Provider, wanted: NewSubscription): Subscribed {
  const { store, clock } = provider
  const now = clock.seconds()
  const { trialEnd, price } = wanted
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const period = { start: now, end: trialEnd ?? periodEndAfter(now, now, price.recurring) }
  const made = makeSubscription({
    ...wanted,
    status: trialEnd === null ? 'incomplete' : 'trialing',
    created: now,
    anchor: trialEnd ?? now,
    period,
    trial: trialEnd === null ? null : { start: now, end: trialEnd },
    defaultPaymentMethod: wanted.method,
  })
  const discounts = wanted.discounts.map(
    (source) => redeem(provider, source, { customer: made.customer, subscription: made.id }, wanted.session).id,
  )
  const missing = wanted.missingMethod ?? 'create_invoice'
  const draft: Subscription = {
    ...made,
    discounts,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing } },
  }
  const lines = [periodLine(provider, draft, period, trialEnd !== null)]
  const computed = computeInvoice(provider, draft, 'subscription_create', lines, { start: now, end: now })
  store.put('billingNote', {
    id: draft.id,
    trialEndAnnounced: false,
    pendingLines: [],
    pendingInvoice: null,
  })
  const customer = store.need('customer', wanted.customer)
  change(provider, 'customer', customer, { currency: price.currency })
  emitEvent(
    provider,
    'customer.subscription.created',
    store.put('subscription', { ...draft, latest_invoice: computed.id }),
  )
  const issued = issueInvoice(provider, computed)
  const outcome: Outcome =
    wanted.waits && issued.amount_remaining > 0
      ? { kind: 'paid' }
      : settleInvoice(provider, issued, { method: wanted.method, presence: wanted.presence, automatic: true })
  return { subscription: store.need('subscription', draft.id), invoice: store.need('invoice', issued.id), outcome }
}
