import { createPool, type Database } from '../../src/db/index.ts'
import { createBoss, type JobData, type JobHandler } from '../../src/jobs/index.ts'
import { testDatabaseUrl } from './database.ts'

/**
 * Runs due jobs as a worker does until no job is due.
 *
 * @returns for each attempt, "done" or the error message
 */
export async function drainJobs(handlers: readonly JobHandler[]): Promise<string[]> {
  const pool = createPool({ url: testDatabaseUrl(), poolMax: 2, onConnectionLost: () => undefined })
  const boss = createBoss(pool)
  await boss.start()
  const results: string[] = []
  try {
    for (const { kind, run } of handlers) {
      const next = () => boss.fetch<JobData>(kind.name, { includeMetadata: true })
      for (let [job] = await next(); job; [job] = await next()) {
        const { id, data, retryCount } = job
        try {
          await run({ id, data, attempt: retryCount + 1, signal: new AbortController().signal })
          await boss.complete(kind.name, id)
          results.push('done')
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error)
          await boss.fail(kind.name, id, { message })
          results.push(message)
        }
      }
    }
    return results
  } finally {
    await boss.stop({ close: false })
    await pool.end()
  }
}

/** Makes waiting jobs due earlier by a number of seconds. */
export const passForJobs = (db: Database, seconds: number): Promise<number> =>
  db.$executeRaw`UPDATE pgboss.job SET start_after = start_after - ${seconds}::int * interval '1 second' WHERE state < 'active'`
