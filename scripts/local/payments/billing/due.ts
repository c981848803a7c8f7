import type { Subscription } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { expireSession } from './checkout.ts'
import { endSubscription } from './subscriptions/end.ts'
import { itemOf, voidInvoice } from './invoices/invoicing.ts'
import { turnPeriod } from './subscriptions/renew.ts'
import { turnPhase } from './subscriptions/schedules.ts'
import { settleInvoice } from './invoices/settle.ts'

interface Due {
  /** Seconds since 1970. */
  readonly at: number
  readonly what: string
  readonly run: () => void
}

const daySeconds = 86_400
/** The time after which a subscription with an unpaid first invoice expires, in seconds. */
const incompleteSeconds = 23 * 3600
const idempotencySeconds = daySeconds

/**
 * Executes everything that is due until an instant, in order, each at its own instant.
 *
 * @param until milliseconds since 1970, business time
 */
export function advanceTo(provider: Provider, until: number): void {
  for (;;) {
    const due = nextDue(provider)
    if (!due || due.at * 1000 > until) break
    provider.clock.at(due.at, () => provider.store.transact(due.run))
  }
  forgetAnswers(provider, until / 1000)
  forgetEvents(provider)
}

/** Returns the next due work. At the same instant the order of the list applies: a phase begins before its period is billed. */
export function nextDue(provider: Provider): Due | undefined {
  let first: Due | undefined
  for (const due of allDue(provider)) if (!first || due.at < first.at) first = due
  return first
}

function* allDue(provider: Provider): Generator<Due> {
  const { store } = provider
  for (const schedule of store.all('subscription_schedule')) {
    if (schedule.status !== 'active' || !schedule.current_phase) continue
    yield { at: schedule.current_phase.end_date, what: 'a plan changes', run: () => turnPhase(provider, schedule) }
  }
  for (const subscription of store.all('subscription')) yield* dueOf(provider, subscription)
  for (const invoice of store.all('invoice')) {
    if (invoice.status !== 'open' || invoice.next_payment_attempt === null) continue
    yield {
      at: invoice.next_payment_attempt,
      what: 'a payment is retried',
      run: () => void settleInvoice(provider, invoice, { presence: 'absent', automatic: true }),
    }
  }
  for (const session of store.all('checkout.session')) {
    if (session.status !== 'open') continue
    yield { at: session.expires_at, what: 'a checkout expires', run: () => void expireSession(provider, session) }
  }
}

function* dueOf(provider: Provider, subscription: Subscription): Generator<Due> {
  const { status, cancel_at, trial_end, created } = subscription
  if (['canceled', 'incomplete_expired'].includes(status)) return
  if (status === 'incomplete') {
    yield {
      at: created + incompleteSeconds,
      what: 'an unpaid subscription expires',
      run: () => expireIncomplete(provider, subscription),
    }
    return
  }
  const note = provider.store.need('billingNote', subscription.id)
  if (status === 'trialing' && trial_end !== null && !note.trialEndAnnounced) {
    const at = Math.max(subscription.trial_start ?? created, trial_end - 3 * daySeconds)
    yield { at, what: 'the end of a trial is announced', run: () => announceTrialEnd(provider, subscription) }
  }
  if (cancel_at !== null) {
    const end = () => void endSubscription(provider, subscription, 'cancellation_requested')
    yield { at: cancel_at, what: 'a subscription ends', run: end }
  }
  const what = status === 'trialing' ? 'a trial ends' : 'a subscription renews'
  yield { at: itemOf(subscription).current_period_end, what, run: () => void turnPeriod(provider, subscription) }
}

function announceTrialEnd(provider: Provider, subscription: Subscription): void {
  const { store } = provider
  store.put('billingNote', { ...store.need('billingNote', subscription.id), trialEndAnnounced: true })
  emitEvent(provider, 'customer.subscription.trial_will_end', subscription)
}

function expireIncomplete(provider: Provider, subscription: Subscription): void {
  const invoice = provider.store.get('invoice', subscription.latest_invoice)
  if (invoice?.status === 'open') voidInvoice(provider, invoice)
  const changes = { status: 'incomplete_expired', ended_at: provider.clock.seconds() } as const
  change(provider, 'subscription', subscription, changes, 'customer.subscription.updated')
}

function forgetAnswers({ store }: Provider, now: number): void {
  for (const one of store.all('keptAnswer'))
    if (one.createdAt + idempotencySeconds <= now) store.remove('keptAnswer', one.id)
}

/** The maximum number of events, and the number that is removed at once if there are more. */
const mostEvents = 10_000
const eventsAtOnce = 1_000

/**
 * Removes old events that are delivered. Stripe keeps events for 30 days. Here years can pass in a minute, so the limit is a number of
 * events.
 */
function forgetEvents({ store }: Provider): void {
  if (store.count('event') <= mostEvents) return
  const old = store
    .all('event')
    .slice(0, eventsAtOnce)
    .filter((one) => one.pending_webhooks === 0)
  const gone = new Set(old.map((one) => one.id))
  for (const id of gone) store.remove('event', id)
  for (const one of store.all('delivery')) if (gone.has(one.event)) store.remove('delivery', one.id)
}
