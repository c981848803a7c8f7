import type { Database } from '../../db/index.ts'
import { createHandler, type JobHandler } from '../../jobs/index.ts'
import type { ProviderClient } from '../provider/client.ts'
import { changePriceForFree, releaseSchedule } from '../provider/schedules.ts'
import { cancelNow, isCancelled, liveSubscriptionOf, setCancelAtPeriodEnd } from '../provider/subscriptions.ts'
import { deleteTask } from './commands.ts'
import { providerTask, type ProviderTask } from './kind.ts'
import { taskOf } from './queries.ts'

/** Creates the handler of provider tasks. Skips a task that was dropped or replaced. */
export const createProviderTaskHandler = (db: Database, stripe: ProviderClient): JobHandler =>
  createHandler(providerTask, async ({ data: { taskId } }) => {
    const task = await taskOf(db, taskId)
    if (task === null) return { action: 'none: the task was dropped or replaced' }
    await doTask(stripe, task)
    await deleteTask(db, taskId)
    return { action: task.task.kind, subscription: task.subscriptionId }
  })

/**
 * Makes the calls of a task. Idempotent.
 *
 * @throws the errors that `billingFailure` returns
 */
export async function doTask(
  stripe: ProviderClient,
  { subscriptionId, task }: { readonly subscriptionId: string; readonly task: ProviderTask },
): Promise<void> {
  const subscription = await liveSubscriptionOf(stripe, subscriptionId)
  // A subscription that has ended or does not exist charges nobody.
  if (subscription === null) return
  switch (task.kind) {
    case 'CANCEL':
      return cancelNow(stripe, subscriptionId)
    case 'CHANGE_PRICE':
      return changePriceForFree(stripe, subscription, task.priceId)
    case 'CANCEL_AT_PERIOD_END':
      // A subscription cannot be changed directly while a schedule manages it.
      await releaseSchedule(stripe, subscription)
      if (isCancelled(subscription)) return
      return setCancelAtPeriodEnd(stripe, subscriptionId, true)
  }
}
