import { planOf } from '../../objects/catalogue.ts'
import type { Schedule, Subscription } from '../../state/resources.ts'
import { change, type Provider } from '../../state/provider.ts'
import { applyPriceChange } from './apply-change.ts'
import { endSchedule, endSubscription } from './end.ts'
import { itemOf, withItem } from '../invoices/invoicing.ts'
import { turnPeriod } from './renew.ts'

/** Returns the phase of a schedule at an instant. */
export const phaseAt = ({ phases }: Schedule, seconds: number) =>
  phases.find((one) => one.start_date <= seconds && seconds < one.end_date)

/** Ends a phase: the next one begins, or the schedule ends. */
export function turnPhase(provider: Provider, schedule: Schedule): void {
  const { store, clock } = provider
  const now = clock.seconds()
  const subscription = store.get('subscription', schedule.subscription)
  const next = phaseAt(schedule, now)
  if (!next || !subscription) {
    if (schedule.end_behavior !== 'cancel') return void endSchedule(provider, schedule, 'released')
    endSchedule(provider, schedule, 'completed')
    if (subscription) endSubscription(provider, subscription, 'cancellation_requested')
    return
  }
  const current_phase = { start_date: next.start_date, end_date: next.end_date }
  change(provider, 'subscription_schedule', schedule, { current_phase }, 'subscription_schedule.updated')
  enterPhase(provider, subscription, next, now)
}

/** Changes a subscription to the price of a phase. */
export function enterPhase(
  provider: Provider,
  subscription: Subscription,
  phase: Schedule['phases'][number],
  now: number,
): void {
  const { store } = provider
  const [wanted] = phase.items
  const price = store.need('price', wanted?.price)
  const quantity = wanted?.quantity ?? 1
  const item = itemOf(subscription)
  if (item.price.id === price.id && item.quantity === quantity) return
  if (item.current_period_end > now) {
    const change = { price, quantity, prorationBehavior: phase.proration_behavior }
    return applyPriceChange(provider, subscription, change, 'allow_incomplete', {})
  }
  if (subscription.status === 'trialing') {
    const changes = withItem(subscription, { price, plan: planOf(price), quantity })
    change(provider, 'subscription', subscription, changes, 'customer.subscription.updated')
    return
  }
  turnPeriod(provider, subscription, { price, quantity })
}
