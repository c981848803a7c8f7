import { setTimeout as sleep } from 'node:timers/promises'
import type { JobWithMetadata } from 'pg-boss'
import { startTimer, type Timer } from '../lib/timer.ts'
import { pauseAfter } from '../lib/back-off.ts'
import { atMost } from '../lib/deadline.ts'
import type { Clock } from '../lib/clock.ts'
import { scrub } from '../lib/scrub.ts'
import { createBoss, type JobDatabase } from './pg-boss.ts'
import { createQueues } from './enqueue.ts'
import { deadQueue, queueOptions, type JobData, type JobKind } from './kind.ts'
import { stoppedMessage, timeoutMessage } from './lists.ts'
import { enqueueDueJobs, nextDueAt, upsertRecurringJob, type RecurringJob } from './schedule.ts'

/** Pauses between attempts to start, in milliseconds. */
const startPausesMs = { first: 1_000, longest: 30_000 }

interface RunningJob<Data extends JobData = JobData> {
  /** The same for all attempts. A dead job that is retried by command gets a new id. */
  readonly id: string
  readonly data: Data
  /** Counts from 1. */
  readonly attempt: number
  /** Aborted when the attempt times out or the process stops. */
  readonly signal: AbortSignal
}

/** The result of a job for the log: ids and counts. */
type JobResult = Readonly<Record<string, string | number | undefined>>

export interface JobHandler {
  readonly kind: JobKind
  /** Runs at least once for each job: must be idempotent. @throws to have the job retried */
  readonly run: (job: RunningJob) => Promise<JobResult>
}

/** Creates a handler that parses the job's data first. */
export const createHandler = <Data extends JobData>(
  kind: JobKind<Data>,
  run: (job: RunningJob<Data>) => Promise<JobResult>,
): JobHandler => ({
  kind,
  async run(job) {
    const { data, error } = kind.data.safeParse(job.data)
    if (error) {
      const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
      throw new Error(`this version cannot read the job's data (${problems.join('; ')})`)
    }
    return run({ ...job, data })
  },
})

/** A job as the log shows it. */
export interface JobAttempt {
  readonly kind: string
  readonly id: string
  readonly data: JobData
  readonly attempt: number
}

interface WorkerOptions {
  readonly database: JobDatabase
  readonly clock: Clock
  readonly handlers: readonly JobHandler[]
  readonly recurringJobs?: readonly RecurringJob[]
  readonly onDone: (job: JobAttempt, result: JobResult) => void
  /** Called for each failed attempt, including timeouts. `isLast`: the job is dead. */
  readonly onFailure: (error: unknown, job: JobAttempt, isLast: boolean) => void
  /** Called with the number of dead jobs when it has changed. It starts at 0. */
  readonly onDeadCount: (count: number) => void
  /** Called when the queue cannot be read or written. The worker continues. */
  readonly onError: (error: Error) => void
  /** How often it looks for jobs and due schedules without being woken, in seconds. Default 5, at least 0.5. */
  readonly pollSeconds?: number
}

export interface Worker {
  /** Resolves when it handles jobs, or when it was stopped before. Retries while the database is unavailable. */
  readonly start: () => Promise<void>
  /** Looks for jobs of a kind now; without a kind, for all jobs and due schedules. */
  readonly wake: (kind?: string) => void
  /** Takes no more jobs and waits up to two seconds for running ones. Unfinished jobs are retried by another process. */
  readonly stop: () => Promise<void>
}

const stopMilliseconds = 2_000
/** Per kind and process. */
const concurrency = 2
/** A due schedule that another process has locked is looked for again after this. */
const shortestTimerMilliseconds = 250

/** Creates a worker that runs jobs with pg-boss and enqueues scheduled jobs by the business clock. Any number of processes may run one. */
export function createWorker(options: WorkerOptions): Worker {
  const { database, clock, handlers, recurringJobs = [], pollSeconds = 5 } = options
  const kinds = handlers.map(({ kind }) => kind)
  const kindNames = kinds.map(({ name }) => name)
  const boss = createBoss(database, {
    // The pass that retries the jobs of killed processes.
    superviseIntervalSeconds: Math.max(1, pollSeconds),
    monitorIntervalSeconds: Math.max(1, pollSeconds),
    // Not used.
    flowIntervalSeconds: 3_600,
    // Both take longer than our connections' time limit on large tables. Autovacuum is configured by the database administrator.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', reportError)
  boss.on('warning', reportError)
  /** Ids of pg-boss' workers by kind. */
  const workerIds = new Map<string, string[]>()
  const stopping = new AbortController()
  let timer: Timer | undefined
  let pollTimer: NodeJS.Timeout | undefined
  let deadCount = 0
  let scheduleRun: Promise<void> | null = null
  let isScheduleRunDue = false

  async function startOnce(): Promise<void> {
    await boss.start()
    await createQueues(async (sql, values) => void (await database.query(sql, [...values])), kinds)
    for (const kind of kinds) await boss.updateQueue(kind.name, changeableOptions(kind))
    for (const { kind, everySeconds } of recurringJobs) {
      await database.query(upsertRecurringJob, [kind.name, everySeconds, clock.business().toISOString()])
    }
    const how = { includeMetadata: true, pollingIntervalSeconds: pollSeconds } as const
    for (const handler of handlers) {
      const ids: string[] = []
      workerIds.set(handler.kind.name, ids)
      // pg-boss' own `localConcurrency` returns one id, and only that worker could be woken.
      while (ids.length < concurrency) {
        ids.push(
          await boss.work<JobData, void, typeof how>(handler.kind.name, how, ([job]) => attemptJob(handler, job)),
        )
      }
    }
  }

  async function attemptJob({ kind, run }: JobHandler, job: JobWithMetadata<JobData> | undefined): Promise<void> {
    if (job === undefined) return
    // There may be more jobs, and pg-boss would pause before it looks for them.
    wake(kind.name)
    const { id, data, retryCount, retryLimit, signal } = job
    const attempt = { kind: kind.name, id, data, attempt: retryCount + 1 }
    const outcome = await Promise.race([
      run({ id, data, attempt: retryCount + 1, signal }).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      ),
      // pg-boss has given the job up by then. A handler that never ends must not block the worker.
      aborted(signal).then(() => ({ error: new Error(stopping.signal.aborted ? stoppedMessage : timeoutMessage) })),
    ])
    if ('result' in outcome) return options.onDone(attempt, outcome.result)
    options.onFailure(outcome.error, attempt, retryCount >= retryLimit)
    // pg-boss stores the error it gets, with all its properties.
    throw new Error(describeFailure(outcome.error))
  }

  /** Runs once at a time. A call during a run causes one more run. */
  function runDueSchedules(): Promise<void> {
    isScheduleRunDue = true
    return (scheduleRun ??= (async () => {
      while (isScheduleRunDue && !stopping.signal.aborted) {
        isScheduleRunDue = false
        await runDueSchedulesOnce().catch(reportError)
      }
    })().finally(() => (scheduleRun = null)))
  }

  async function runDueSchedulesOnce(): Promise<void> {
    const now = clock.business()
    const { rows: enqueued } = await database.query<{ name: string }>(enqueueDueJobs, [now.toISOString(), kindNames])
    for (const { name } of enqueued) wake(name)
    const { rows } = await database.query<{ dueAt: Date | null }>(nextDueAt, [kindNames])
    const dueAt = rows[0]?.dueAt
    timer?.cancel()
    if (dueAt && !stopping.signal.aborted) {
      const at = new Date(Math.max(dueAt.getTime(), clock.business().getTime() + shortestTimerMilliseconds))
      timer = startTimer(
        () => clock.business(),
        at,
        () => void runDueSchedules(),
      )
    }
    await countDeadJobs()
  }

  async function countDeadJobs(): Promise<void> {
    const sql = `SELECT count(*)::int AS count FROM pgboss.job WHERE name = '${deadQueue}' AND state = 'created'`
    const { rows } = await database.query<{ count: number }>(sql)
    const count = rows[0]?.count ?? 0
    if (count !== deadCount) options.onDeadCount(count)
    deadCount = count
  }

  function wake(kind?: string): void {
    const ids = kind ? workerIds.get(kind) : [...workerIds.values()].flat()
    for (const id of ids ?? []) boss.notifyWorker(id)
    if (!kind && workerIds.size > 0) void runDueSchedules()
  }

  function reportError(error: unknown): void {
    if (!stopping.signal.aborted) options.onError(error instanceof Error ? error : new Error(messageOf(error)))
  }

  const ignoreJumps = clock.onJump(() => void runDueSchedules())

  return {
    async start() {
      for (let failures = 1; !stopping.signal.aborted; failures += 1) {
        try {
          await startOnce()
          break
        } catch (error) {
          reportError(error)
          await sleep(pauseAfter(failures, startPausesMs), undefined, { signal: stopping.signal }).catch(
            () => undefined,
          )
        }
      }
      await runDueSchedules()
      if (stopping.signal.aborted) return
      pollTimer = setInterval(() => void runDueSchedules(), pollSeconds * 1_000).unref()
    },
    wake,
    async stop() {
      stopping.abort()
      ignoreJumps()
      timer?.cancel()
      clearInterval(pollTimer)
      await atMost(stopMilliseconds + 500, boss.stop({ close: false, timeout: stopMilliseconds }))
    },
  }
}

function changeableOptions(kind: JobKind) {
  const { policy: _fixed, ...options } = queueOptions(kind)
  return options
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Returns an error's message with that of its cause, which the message for readers hides. Scrubbed. */
function describeFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null
  return scrub(cause ? `${messageOf(error)} (${cause.name}: ${cause.message})` : messageOf(error))
}

/** pg-boss emits plain objects as errors and warnings. */
function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : String(error)
}
