import type Stripe from 'stripe'
import type { Database } from '../../db/index.ts'
import { createHandler, type JobHandler } from '../../jobs/index.ts'
import { changePriceForFree, isCancelled, releaseSchedule, liveSubscriptionOf } from '../provider/subscriptions.ts'
import { taskOf } from '../queries.ts'
import { done } from '../provider/calls.ts'
import { endTask } from './commands.ts'
import { providerTask, type ProviderTask } from './kind.ts'

/** Creates the handler of provider tasks. A task that was dropped or replaced is not found and is skipped. */
export const createProviderTaskHandler = (db: Database, stripe: Stripe): JobHandler =>
  createHandler(providerTask, async ({ data: { taskId } }) => {
    const task = await taskOf(db, taskId)
    if (task === null) return { action: 'none: the task was dropped or replaced' }
    await doTask(stripe, task)
    await endTask(db, taskId)
    return { action: task.task.kind, subscription: task.subscriptionId }
  })

/**
 * Makes the calls of a task. Idempotent: what is done already is found done.
 *
 * @throws what `billingFailure` makes of the provider's errors
 */
export async function doTask(
  stripe: Stripe,
  { subscriptionId, task }: { readonly subscriptionId: string; readonly task: ProviderTask },
): Promise<void> {
  const subscription = await liveSubscriptionOf(stripe, subscriptionId)
  // Over, or gone from the provider: nobody is charged.
  if (subscription === null) return
  switch (task.kind) {
    case 'CANCEL':
      return done(stripe.subscriptions.cancel(subscriptionId))
    case 'CHANGE_PRICE':
      return changePriceForFree(stripe, subscription, task.priceId)
    case 'CANCEL_AT_PERIOD_END':
      // What a schedule manages cannot be changed beside it.
      await releaseSchedule(stripe, subscription)
      if (isCancelled(subscription)) return
      return done(stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }))
  }
}
