import { comparison, comparisons, createStripe, providerTasks } from './billing/index.ts'
import { createPool, type Database } from './db/index.ts'
import type { Settings } from './env.ts'
import { createWorker, type Handler, type Round, type Worker } from './jobs/index.ts'
import type { Clock } from './lib/clock.ts'
import { onceAMinute, type Logger } from './lib/logger.ts'
import type { Metrics } from './lib/metrics.ts'

export interface PublicationWorkerOptions {
  readonly settings: Settings
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
  /** As the worker's own option. */
  readonly lookEverySeconds?: number
}

/** What looks for jobs and holds them, beside the connections of those who work. */
const connections = 3
const daySeconds = 86_400

/** Puts together what each room does apart from requests, and the worker that does it, with connections of its own. */
export function createPublicationWorker({
  settings,
  db,
  clock,
  metrics,
  log,
  lookEverySeconds,
}: PublicationWorkerOptions): Worker {
  const { payments, graceMilliseconds } = settings
  const handlers: Handler[] = []
  const rounds: Round[] = []
  if (payments) {
    const stripe = createStripe(payments)
    const { livemode } = payments
    const onCompared = (count: number, examples: readonly string[]): void => {
      metrics.billingDifferences(count)
      const what = { count, examples }
      if (count > 0) log.error(what, 'we and the payment provider differ: look with npm run billing:reconcile')
    }
    handlers.push(
      providerTasks(db, stripe),
      comparisons({ db, stripe, clock, graceMilliseconds, livemode, onCompared }),
    )
    rounds.push({ kind: comparison, everySeconds: daySeconds })
  }
  const pool = createPool({
    url: settings.databaseUrl,
    poolMax: connections,
    onConnectionLost: (error) => log.warn({ err: error }, 'a database connection of the jobs was lost'),
  })
  const tellOfTrouble = onceAMinute((error: Error) => log.warn({ err: error }, 'jobs cannot be looked for'))
  const worker = createWorker({
    database: pool,
    clock,
    handlers,
    rounds,
    onDone: (job) => {
      metrics.job(job.kind, 'done')
      log.info({ job: job.kind, id: job.id, attempt: job.attempt, ...job.data }, 'a job is done')
    },
    onFailure: (error, { kind, id, attempt, data }, isLast) => {
      metrics.job(kind, isLast ? 'dead' : 'failed')
      const what = { err: error, job: kind, id, attempt, ...data }
      log.error(what, isLast ? 'a job is dead: look with npm run jobs' : 'a job failed, and will be tried again')
    },
    onDead: (count) => {
      metrics.jobsDead(count)
      if (count > 0) log.error({ count }, 'jobs are dead: look with npm run jobs')
    },
    onTrouble: tellOfTrouble,
    ...(lookEverySeconds && { lookEverySeconds }),
  })
  return {
    ...worker,
    async stop() {
      await worker.stop()
      await pool.end()
    },
  }
}
