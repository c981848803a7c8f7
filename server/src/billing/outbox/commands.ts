import type { Database, Transaction } from '../../db/index.ts'

/** A call to the provider that was written down before it is made. */
export type ProviderTask =
  /** What the ledger decides. */
  | { readonly kind: 'CANCEL' }
  | { readonly kind: 'CHANGE_PRICE'; readonly priceId: string }
  /** Takes back what a request began and did not finish. */
  | { readonly kind: 'CANCEL_AT_PERIOD_END' }

export interface WantedTask {
  readonly subscriptionId: string
  readonly customerId: string
  /** Null: nothing is to be done any more. */
  readonly task: ProviderTask | null
}

/** A task that this process has taken. */
export interface TakenTask {
  readonly subscriptionId: string
  readonly task: ProviderTask
  /** Tries, this one among them. */
  readonly attempts: number
  /** Until when this process has it; whoever takes it next, or decides on it anew, writes another instant. */
  readonly leasedUntil: Date
}

/** How long a process has a task to itself, in milliseconds: longer than all calls of a task, or of a request, together. */
const leaseMilliseconds = 60_000
const longestPauseMilliseconds = 300_000

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
    await tx.$executeRaw`
      INSERT INTO billing_task (subscription_id, customer_id, kind, price_id, due_at, created_at)
      VALUES (${subscriptionId}, ${customerId}, ${task?.kind}::billing_task_kind, ${priceId}, ${wallNow}, ${wallNow})
      ON CONFLICT (subscription_id) DO UPDATE
      SET kind = EXCLUDED.kind, price_id = EXCLUDED.price_id, due_at = EXCLUDED.due_at, attempts = 0
      WHERE (billing_task.kind, billing_task.price_id) IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.price_id)`
  }
  return wanted.length
}

/** Takes the task that has been due for longest; of several processes one gets it. @returns null when none is due */
export async function takeTask(db: Database, wallNow: Date): Promise<TakenTask | null> {
  const until = new Date(wallNow.getTime() + leaseMilliseconds)
  const [row] = await db.$queryRaw<
    { subscriptionId: string; kind: ProviderTask['kind']; priceId: string | null; attempts: number }[]
  >`
    UPDATE billing_task SET due_at = ${until}, attempts = attempts + 1
    WHERE subscription_id = (
      SELECT subscription_id FROM billing_task WHERE due_at <= ${wallNow} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING subscription_id AS "subscriptionId", kind::text AS kind, price_id AS "priceId", attempts`
  if (!row) return null
  const { subscriptionId, kind, priceId, attempts } = row
  const task: ProviderTask = kind === 'CHANGE_PRICE' ? { kind, priceId: priceId ?? '' } : { kind }
  return { subscriptionId, task, attempts, leasedUntil: until }
}

/** A task is done. One that another process has taken meanwhile, or that was decided on anew, stays. */
export async function endTask(db: Database, taken: TakenTask): Promise<void> {
  await db.billingTask.deleteMany({ where: asTaken(taken) })
}

/** A task failed: it is due again after 2, 4, 8 … seconds, at most five minutes. One that changed meanwhile is left alone. */
export async function putOffTask(db: Database, taken: TakenTask, wallNow: Date): Promise<void> {
  const pause = Math.min(1_000 * 2 ** Math.min(taken.attempts, 20), longestPauseMilliseconds)
  await db.billingTask.updateMany({
    where: asTaken(taken),
    data: { dueAt: new Date(wallNow.getTime() + pause) },
  })
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
  const dueAt = new Date(wallNow.getTime() + leaseMilliseconds)
  const { count } = await db.billingTask.createMany({
    data: [{ subscriptionId, customerId, kind: 'CANCEL_AT_PERIOD_END', dueAt, createdAt: wallNow }],
    skipDuplicates: true,
  })
  return count > 0
}

/** Nothing is to be taken back: the request has finished, or somebody has decided anew. */
export async function dropUndo(db: Database, subscriptionId: string): Promise<void> {
  await db.billingTask.deleteMany({ where: { subscriptionId, kind: 'CANCEL_AT_PERIOD_END' } })
}

/** The row as it was taken: the lease is its token. */
const asTaken = ({ subscriptionId, task, leasedUntil }: TakenTask) => ({
  subscriptionId,
  kind: task.kind,
  dueAt: leasedUntil,
})
