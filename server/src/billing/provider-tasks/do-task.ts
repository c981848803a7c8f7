import type { Database } from '../../db/index.ts'
import { createHandler, type JobHandler } from '../../jobs/index.ts'
import type { ProviderClient } from '../provider/client.ts'
import { changePriceForFree, releaseSchedule } from '../provider/schedules.ts'
import { cancelNow, isCancelled, liveSubscriptionOf, setCancelAtPeriodEnd } from '../provider/subscriptions.ts'
import { endTask } from './commands.ts'
import { providerTask, type ProviderTask } from './kind.ts'
import { taskOf } from './queries.ts'

/** Creates the handler of provider tasks. A task that was dropped or replaced is not found and is skipped. */
export const createProviderTaskHandler = (db: Database, stripe: ProviderClient): JobHandler =>
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
  stripe: ProviderClient,
  { subscriptionId, task }: { readonly subscriptionId: string; readonly task: ProviderTask },
): Promise<void> {
  const subscription = await liveSubscriptionOf(stripe, subscriptionId)
  // Over, or gone from the provider: nobody is charged.
  if (subscription === null) return
  switch (task.kind) {
    case 'CANCEL':
      return cancelNow(stripe, subscriptionId)
    case 'CHANGE_PRICE':
      return changePriceForFree(stripe, subscription, task.priceId)
    case 'CANCEL_AT_PERIOD_END':
      // What a schedule manages cannot be changed beside it.
      await releaseSchedule(stripe, subscription)
      if (isCancelled(subscription)) return
      return setCancelAtPeriodEnd(stripe, subscriptionId, true)
  }
}
