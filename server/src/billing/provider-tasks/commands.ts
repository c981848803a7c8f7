import type { Database, Transaction } from '../../db/index.ts'
import { enqueue, enqueueUnlessPending } from '../../jobs/index.ts'
import { providerTask, type ProviderTask } from './kind.ts'

interface WantedTask {
  readonly subscriptionId: string
  readonly customerId: string
  /** Null if no call is needed any more. */
  readonly task: ProviderTask | null
}

/** Longer than all provider calls of a request together. */
const undoAfterSeconds = 60

/**
 * Stores the provider tasks of a member in the transaction that decided on them. Deletes tasks that are not needed any more, so
 * that a member who has paid since is not cancelled. Keeps the tasks of subscriptions that are not listed, because their events
 * could not be parsed.
 *
 * @param wallNow wall time
 * @returns the number of waiting tasks
 */
export async function storeTasks(
  tx: Transaction,
  subscriptions: readonly WantedTask[],
  wallNow: Date,
): Promise<number> {
  const wanted = subscriptions.filter(({ task }) => task !== null)
  const without = subscriptions.flatMap(({ subscriptionId, task }) => (task === null ? [subscriptionId] : []))
  await tx.billingTask.deleteMany({
    where: { subscriptionId: { in: without }, kind: { in: ['CANCEL', 'CHANGE_PRICE'] } },
  })
  for (const { subscriptionId, customerId, task } of wanted) {
    const priceId = task?.kind === 'CHANGE_PRICE' ? task.priceId : null
    // A new decision replaces the task and its id, so the old task's job finds nothing to do.
    const [decided] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO billing_task (subscription_id, customer_id, kind, price_id, created_at)
      VALUES (${subscriptionId}, ${customerId}, ${task?.kind}::billing_task_kind, ${priceId}, ${wallNow})
      ON CONFLICT (subscription_id) DO UPDATE
      SET id = CASE WHEN (billing_task.kind, billing_task.price_id) IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.price_id)
          THEN EXCLUDED.id ELSE billing_task.id END,
        kind = EXCLUDED.kind, price_id = EXCLUDED.price_id
      RETURNING id`
    if (decided) await enqueueUnlessPending(tx, providerTask, { taskId: decided.id })
  }
  return wanted.length
}

/** Deletes a completed task. A task that replaced it has another id and stays. */
export async function deleteTask(db: Database, taskId: string): Promise<void> {
  await db.billingTask.deleteMany({ where: { id: taskId } })
}

/**
 * Stores a task that cancels a subscription again, before a request resumes it. The request has one minute to finish and delete the
 * task. Otherwise a worker executes it.
 *
 * @param wallNow wall time
 * @returns false if another task of the subscription waits. The request must then change nothing
 */
export async function storeUndoTask(
  db: Database,
  { subscriptionId, customerId }: { readonly subscriptionId: string; readonly customerId: string },
  wallNow: Date,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [task] = await tx.billingTask.createManyAndReturn({
      data: [{ subscriptionId, customerId, kind: 'CANCEL_AT_PERIOD_END', createdAt: wallNow }],
      skipDuplicates: true,
      select: { id: true },
    })
    if (task) {
      await enqueue(tx, providerTask, { taskId: task.id }, { delaySeconds: undoAfterSeconds })
      return true
    }
    // The job of the waiting task may be dead.
    const waiting = await tx.billingTask.findUnique({ where: { subscriptionId }, select: { id: true } })
    if (waiting) await enqueueUnlessPending(tx, providerTask, { taskId: waiting.id })
    return false
  })
}

/** Deletes the task of `storeUndoTask`: the request has finished, or the member has made another decision. */
export async function deleteUndoTask(db: Database, subscriptionId: string): Promise<void> {
  await db.billingTask.deleteMany({ where: { subscriptionId, kind: 'CANCEL_AT_PERIOD_END' } })
}
