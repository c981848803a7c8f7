import type Stripe from 'stripe'
import { noCancellation } from '../../objects/subscription.ts'
import type { Schedule, Subscription } from '../../state/resources.ts'
import { change, emitEvent, type Provider } from '../../state/provider.ts'

type Reason = Stripe.Subscription.CancellationDetails.Reason

/** Ends a subscription now, and with it its schedule and the retries of its invoices. */
export function endSubscription(provider: Provider, subscription: Subscription, reason: Reason): Subscription {
  const { store, clock } = provider
  const now = clock.seconds()
  for (const invoice of store.all('invoice')) {
    if (invoice.parent?.subscription_details?.subscription !== subscription.id || invoice.status !== 'open') continue
    change(provider, 'invoice', invoice, { auto_advance: false, next_payment_attempt: null })
  }
  const schedule = store.get('subscription_schedule', subscription.schedule)
  if (schedule) endSchedule(provider, schedule, 'canceled')
  const ended = store.put('subscription', {
    ...store.need('subscription', subscription.id),
    status: 'canceled',
    canceled_at: subscription.canceled_at ?? now,
    cancellation_details: { ...noCancellation, reason },
    ended_at: now,
  })
  emitEvent(provider, 'customer.subscription.deleted', ended)
  return ended
}

/** Ends a schedule. Only a released one leaves its subscription running. */
export function endSchedule(
  provider: Provider,
  schedule: Schedule,
  status: 'canceled' | 'completed' | 'released',
): Schedule {
  const { store, clock } = provider
  const now = clock.seconds()
  const subscription = store.get('subscription', schedule.subscription)
  if (subscription) change(provider, 'subscription', subscription, { schedule: null })
  const ended = store.put('subscription_schedule', {
    ...schedule,
    status,
    current_phase: null,
    canceled_at: status === 'canceled' ? now : schedule.canceled_at,
    completed_at: status === 'completed' ? now : schedule.completed_at,
    released_at: status === 'released' ? now : schedule.released_at,
    released_subscription: status === 'released' ? schedule.subscription : null,
    subscription: status === 'released' ? null : schedule.subscription,
  })
  emitEvent(provider, `subscription_schedule.${status}`, ended)
  return ended
}
