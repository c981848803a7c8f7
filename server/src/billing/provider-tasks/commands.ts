import type { Database, Transaction } from '../../db/index.ts'
import { enqueue, enqueueUnlessPending } from '../../jobs/index.ts'
import { providerTask, type ProviderTask } from './kind.ts'

export interface WantedTask {
  readonly subscriptionId: string
  readonly customerId: string
  /** Null: nothing is to be done any more. */
  readonly task: ProviderTask | null
}

/** Longer than all provider calls of a request together. */
const undoAfterSeconds = 60

/**
 * Writes down what is to be done at the provider for a member, with the transaction that decided on it. A task that is not wanted
 * any more goes: whoever has paid since is not cancelled. Of a subscription that is not named the task stays: its news were not
 * understood.
 *
 * @param wallNow wall time
 * @returns how many tasks wait
 */
export async function putTasks(tx: Transaction, subscriptions: readonly WantedTask[], wallNow: Date): Promise<number> {
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

/** Deletes a task that is done. A task that replaced it has another id and stays. */
export async function endTask(db: Database, taskId: string): Promise<void> {
  await db.billingTask.deleteMany({ where: { id: taskId } })
}

/**
 * Writes down, before a request lets a cancelled subscription go on, that it is to be cancelled again. The request has a minute to
 * finish and to drop the task; without that, any process does it.
 *
 * @param wallNow wall time
 * @returns false when another task of the subscription waits: then nothing may be changed
 */
export async function putUndo(
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
    // The job of the task that is in the way may be dead.
    const waiting = await tx.billingTask.findUnique({ where: { subscriptionId }, select: { id: true } })
    if (waiting) await enqueueUnlessPending(tx, providerTask, { taskId: waiting.id })
    return false
  })
}

/** Nothing is to be taken back: the request has finished, or somebody has decided anew. */
export async function dropUndo(db: Database, subscriptionId: string): Promise<void> {
  await db.billingTask.deleteMany({ where: { subscriptionId, kind: 'CANCEL_AT_PERIOD_END' } })
}
