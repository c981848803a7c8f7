import type Stripe from 'stripe'
import { changePriceForFree, isCancelled, releaseSchedule, standingOf } from '../provider-subscription.ts'
import { done } from '../stripe.ts'
import type { TakenTask } from './commands.ts'

/**
 * Makes the calls of a task. Idempotent: what is done already is found done.
 *
 * @throws what `billingFailure` makes of the provider's errors
 */
export async function doTask(
  stripe: Stripe,
  { subscriptionId, task }: Pick<TakenTask, 'subscriptionId' | 'task'>,
): Promise<void> {
  const standing = await standingOf(stripe, subscriptionId)
  // Over, or gone from the provider: nobody is charged.
  if (standing === null) return
  switch (task.kind) {
    case 'CANCEL':
      return done(stripe.subscriptions.cancel(subscriptionId))
    case 'CHANGE_PRICE':
      return changePriceForFree(stripe, standing, task.priceId)
    case 'CANCEL_AT_PERIOD_END':
      // What a schedule manages cannot be changed beside it.
      await releaseSchedule(stripe, standing)
      if (isCancelled(standing)) return
      return done(stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }))
  }
}
