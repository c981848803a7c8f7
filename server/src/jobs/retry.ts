import { PgBoss } from 'pg-boss'
import { jobsChannel } from './enqueue.ts'
import { deadQueue } from './kind.ts'
import { listJobs } from './lists.ts'
import type { JobDatabase } from './worker.ts'

/**
 * Sends dead jobs back to where they came from, with all their tries before them, and lets those that fail be tried now.
 *
 * @param only the ids of these; all unless given
 * @returns how many
 */
export async function retryJobs(database: JobDatabase, only?: readonly string[]): Promise<number> {
  const chosen = (await listJobs(database)).filter(
    ({ id, state }) => (state === 'dead' || state === 'fails') && (only?.includes(id) ?? true),
  )
  const boss = new PgBoss({
    db: { executeSql: (sql, values) => database.query(sql, values) },
    migrate: false,
    schedule: false,
    supervise: false,
    registerInstance: false,
  })
  await boss.start()
  try {
    const dead = chosen.filter(({ state }) => state === 'dead').map(({ id }) => id)
    let retried = dead.length > 0 ? await boss.redrive(deadQueue, { ids: dead }) : 0
    for (const { id, kind, state } of chosen) {
      if (state === 'fails') retried += (await boss.update(kind, undefined, { id, startAfter: new Date() })).updated
    }
    for (const kind of new Set(chosen.map((job) => job.kind))) {
      await database.query('SELECT pg_notify($1, $2)', [jobsChannel, kind])
    }
    return retried
  } finally {
    await boss.stop({ close: false })
  }
}
