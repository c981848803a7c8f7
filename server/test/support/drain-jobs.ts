import { createPool, type Database } from '../../src/db/index.ts'
import { createBoss, type JobData, type JobHandler } from '../../src/jobs/index.ts'
import { testDatabaseUrl } from './database.ts'

/**
 * Runs due jobs as a worker would, until none is left. Afterwards a test knows that no job is due.
 *
 * @returns "done" or the error message, for each attempt
 */
export async function drainJobs(handlers: readonly JobHandler[]): Promise<string[]> {
  const pool = createPool({ url: testDatabaseUrl(), poolMax: 2, onConnectionLost: () => undefined })
  const boss = createBoss(pool)
  await boss.start()
  const told: string[] = []
  try {
    for (const { kind, run } of handlers) {
      const next = () => boss.fetch<JobData>(kind.name, { includeMetadata: true })
      for (let [job] = await next(); job; [job] = await next()) {
        const { id, data, retryCount } = job
        try {
          await run({ id, data, attempt: retryCount + 1, signal: new AbortController().signal })
          await boss.complete(kind.name, id)
          told.push('done')
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error)
          await boss.fail(kind.name, id, { message })
          told.push(message)
        }
      }
    }
    return told
  } finally {
    await boss.stop({ close: false })
    await pool.end()
  }
}

/** Makes waiting jobs due earlier. */
export const passForJobs = (db: Database, seconds: number): Promise<number> =>
  db.$executeRaw`UPDATE pgboss.job SET start_after = start_after - ${seconds}::int * interval '1 second' WHERE state < 'active'`
