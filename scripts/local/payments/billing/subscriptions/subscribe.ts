import { makeSubscription } from '../../objects/subscription.ts'
import type { Invoice, Price, Subscription } from '../../state/resources.ts'
import { change, emitEvent, type Provider } from '../../state/provider.ts'
import { periodEndAfter } from '../calendar.ts'
import type { Presence } from '../cards.ts'
import { redeem, type DiscountSource } from '../invoices/discounts.ts'
import { computeInvoice, periodLine } from '../invoices/invoicing.ts'
import type { Outcome } from '../invoices/pay.ts'
import { issueInvoice, settleInvoice } from '../invoices/settle.ts'

interface NewSubscription {
  readonly customer: string
  readonly price: Price
  readonly quantity: number
  /** Null: no trial. */
  readonly trialEnd: number | null
  readonly method: string
  readonly discounts: readonly DiscountSource[]
  /** The checkout session, or null. */
  readonly session: string | null
  readonly presence: Presence
}

interface Subscribed {
  readonly subscription: Subscription
  readonly invoice: Invoice
  readonly outcome: Outcome
}

/** Creates a subscription with its first invoice and tries to pay it. If the payment fails, the subscription is incomplete. */
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
  const draft: Subscription = { ...made, discounts }
  const lines = [periodLine(provider, draft, period, trialEnd !== null)]
  const computed = computeInvoice(provider, draft, 'subscription_create', lines, { start: now, end: now })
  store.put('billingNote', { id: draft.id, trialEndAnnounced: false, pendingLines: [] })
  const customer = store.need('customer', wanted.customer)
  change(provider, 'customer', customer, { currency: price.currency })
  emitEvent(
    provider,
    'customer.subscription.created',
    store.put('subscription', { ...draft, latest_invoice: computed.id }),
  )
  const issued = issueInvoice(provider, computed)
  const attempt = { method: wanted.method, presence: wanted.presence, automatic: true }
  const outcome = settleInvoice(provider, issued, attempt)
  return { subscription: store.need('subscription', draft.id), invoice: store.need('invoice', issued.id), outcome }
}
