import { comparison, createComparisonHandler, createProviderTaskHandler, createStripe } from './billing/index.ts'
import { createPool, type Database } from './db/index.ts'
import type { Settings } from './env.ts'
import { createWorker, type JobAttempt, type JobHandler, type RecurringJob, type Worker } from './jobs/index.ts'
import { atMost } from './lib/deadline.ts'
import type { Clock } from './lib/clock.ts'
import { onceAMinute, type Logger } from './lib/logger.ts'
import type { Metrics } from './lib/metrics.ts'
import { disconnectMilliseconds } from './start.ts'

interface PublicationWorkerOptions {
  readonly settings: Settings
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

/** Connections of the queue. Handlers use the pool of `db`. */
const poolMax = 3
const daySeconds = 86_400

/** Creates the worker with the jobs of all rooms. */
export function createPublicationWorker({ settings, db, clock, metrics, log }: PublicationWorkerOptions): Worker {
  const { payments, graceMilliseconds } = settings
  const handlers: JobHandler[] = []
  const recurringJobs: RecurringJob[] = []
  if (payments) {
    const stripe = createStripe(payments)
    const { livemode } = payments
    const onCompared = (count: number, examples: readonly string[]): void => {
      metrics.billingComparison(count === 0 ? 'equal' : 'different')
      if (count === 0) return
      log.error(
        { count, examples },
        'the stored memberships differ from the payment provider: run npm run billing:reconcile',
      )
    }
    handlers.push(
      createProviderTaskHandler(db, stripe),
      createComparisonHandler({ db, stripe, clock, graceMilliseconds, livemode, onCompared }),
    )
    recurringJobs.push({ kind: comparison, everySeconds: daySeconds })
  }
  const pool = createPool({
    url: settings.databaseUrl,
    poolMax,
    onConnectionLost: (error) => log.warn({ err: error }, 'a database connection of the job queue was lost'),
  })
  const worker = createWorker({
    database: pool,
    clock,
    handlers,
    recurringJobs,
    onDone(job, result) {
      metrics.job(job.kind, 'done')
      log.info({ ...described(job), result }, 'job completed')
    },
    onFailure(error, job, isLast) {
      metrics.job(job.kind, isLast ? 'dead' : 'failed')
      const what = { err: error, ...described(job) }
      if (isLast) log.error(what, 'job failed for the last time: see npm run jobs')
      else log.warn(what, 'job failed and will be retried')
    },
    onDeadCount(count) {
      metrics.deadJobs(count)
      if (count > 0) log.error({ count }, 'there are dead jobs: see npm run jobs')
    },
    onError: onceAMinute((error: Error) => log.warn({ err: error }, 'the job queue reported an error')),
  })
  return {
    ...worker,
    async stop() {
      await worker.stop()
      await atMost(disconnectMilliseconds, pool.end())
    },
  }
}

const described = ({ kind, id, attempt, data }: JobAttempt) => ({ job: kind, id, attempt, data })
