import type { Queryable } from '../../db/index.ts'
import type { ProviderTask } from './kind.ts'

/** Returns the kind of a subscription's waiting task, or null. */
export async function waitingTask(db: Queryable, subscriptionId: string) {
  return (await db.billingTask.findUnique({ where: { subscriptionId }, select: { kind: true } }))?.kind ?? null
}

/** Returns a task, or null if it was completed, dropped or replaced. */
export async function taskOf(db: Queryable, taskId: string) {
  const found = await db.billingTask.findUnique({
    where: { id: taskId },
    select: { subscriptionId: true, kind: true, priceId: true },
  })
  if (found === null) return null
  const { subscriptionId, kind, priceId } = found
  const task: ProviderTask = kind === 'CHANGE_PRICE' ? { kind, priceId: priceId ?? '' } : { kind }
  return { subscriptionId, task }
}
