import type { PgBoss } from 'pg-boss'
import { createBoss, type JobDatabase } from './pg-boss.ts'
import { jobsChannel } from './enqueue.ts'
import { deadQueue } from './kind.ts'
import { listJobs, listLimit, type ListedJob } from './lists.ts'

/**
 * Moves dead jobs back to their queues, with all their attempts renewed, and makes failing jobs due now.
 *
 * @param ids ids or row ids of jobs; default: all
 * @returns how many jobs were retried
 */
export async function retryJobs(database: JobDatabase, ids?: readonly string[]): Promise<number> {
  const boss = createBoss(database)
  await boss.start()
  let retried = 0
  try {
    for (;;) {
      const listed = await listJobs(database)
      const chosen = listed.filter((job) => ids === undefined || ids.includes(job.id) || ids.includes(job.rowId))
      const moved = await retryListed(boss, chosen)
      retried += moved
      for (const kind of new Set(chosen.map((job) => job.kind))) {
        await database.query('SELECT pg_notify($1, $2)', [jobsChannel, kind])
      }
      // Dead jobs come first, so the list can lack some of them only if it is full.
      if (ids !== undefined || moved === 0 || listed.length < listLimit || listed.at(-1)?.state !== 'dead')
        return retried
    }
  } finally {
    await boss.stop({ close: false })
  }
}

async function retryListed(boss: PgBoss, jobs: readonly ListedJob[]): Promise<number> {
  const dead = jobs.filter(({ state }) => state === 'dead').map(({ rowId }) => rowId)
  let retried = dead.length > 0 ? await boss.redrive(deadQueue, { ids: dead }) : 0
  for (const { rowId, kind, state } of jobs) {
    if (state !== 'failing') continue
    retried += (await boss.update(kind, undefined, { id: rowId, startAfter: new Date() })).updated
  }
  return retried
}
