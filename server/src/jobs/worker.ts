import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss, type JobWithMetadata } from 'pg-boss'
import { setAlarm, type Alarm } from '../lib/alarm.ts'
import { atMost } from '../lib/at-most.ts'
import type { Clock } from '../lib/clock.ts'
import { scrub } from '../lib/scrub.ts'
import { makeQueues } from './enqueue.ts'
import { deadQueue, queueOptions, type JobData, type JobKind } from './kind.ts'
import { keepRound, nextDue, takeDue, type Round } from './schedule.ts'

/** Runs a statement on a connection of its own. A pool of `pg` is such. */
export interface JobDatabase {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>
}

/** A job that this process has taken. */
export interface RunningJob<Data extends JobData = JobData> {
  /** The same for all tries of a job. */
  readonly id: string
  readonly data: Data
  /** Tries, this one among them. */
  readonly attempt: number
  /** Aborted when the try has taken too long, or the process stops. */
  readonly signal: AbortSignal
}

export interface Handler {
  readonly kind: JobKind
  /** At least once for each job: it must do no harm when it runs again. @throws when it is to be tried again */
  readonly run: (job: RunningJob) => Promise<void>
}

/** Holds a kind and what does it together. */
export const handle = <Data extends JobData>(
  kind: JobKind<Data>,
  run: (job: RunningJob<Data>) => Promise<void>,
): Handler => ({
  kind,
  async run(job) {
    const { data, error } = kind.data.safeParse(job.data)
    if (error) {
      const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
      throw new Error(`this version cannot read what the job carries (${problems.join('; ')})`)
    }
    await run({ ...job, data })
  },
})

export interface JobOutcome {
  readonly kind: string
  readonly id: string
  readonly data: JobData
  readonly attempt: number
}

export interface WorkerOptions {
  readonly database: JobDatabase
  readonly clock: Clock
  readonly handlers: readonly Handler[]
  /** What comes round by itself. */
  readonly rounds?: readonly Round[]
  readonly onDone: (job: JobOutcome) => void
  /** A try has failed. `isLast`: there will be no other, the job is dead. */
  readonly onFailure: (error: unknown, job: JobOutcome, isLast: boolean) => void
  /** How many jobs are dead, at the start and whenever that has changed. */
  readonly onDead: (count: number) => void
  /** The queue itself could not be asked. It is asked again. */
  readonly onTrouble: (error: Error) => void
  /** How often it looks for what it was not told of; tests look more often. In seconds. */
  readonly lookEverySeconds?: number
}

export interface Worker {
  /** Resolves once it works. While the database is away it tries again, until it is stopped. */
  readonly start: () => Promise<void>
  /** There is something to do of a kind, or nobody knows of which. */
  readonly wake: (kind?: string) => void
  /** Takes nothing more, and waits two seconds at most for what it has begun: after that it is another process' turn. */
  readonly stop: () => Promise<void>
}

const stopMilliseconds = 2_000
/** Of a kind, in each process. */
const jobsAtATime = 2

/**
 * Does the jobs that transactions have written down, with pg-boss, and makes jobs of what is due by the business clock. Any number of
 * processes do so beside each other.
 */
export function createWorker(options: WorkerOptions): Worker {
  const { database, clock, handlers, rounds = [], onTrouble, lookEverySeconds = 5 } = options
  const kinds = handlers.map(({ kind }) => kind)
  const boss = new PgBoss({
    db: { executeSql: (sql, values) => database.query(sql, values) },
    // The migrations make its tables.
    migrate: false,
    // Its schedules go by the database's clock; ours by business time.
    schedule: false,
    registerInstance: false,
    // How soon a process is missed, and how old the numbers of `npm run jobs` are.
    superviseIntervalSeconds: lookEverySeconds,
    monitorIntervalSeconds: lookEverySeconds,
  })
  boss.on('error', tellTrouble)
  /** pg-boss' workers, by kind. */
  const workers = new Map<string, string[]>()
  let alarm: Alarm | undefined
  let look: NodeJS.Timeout | undefined
  let dead = 0
  const stopping = new AbortController()

  async function startOnce(): Promise<void> {
    await boss.start()
    await makeQueues(async (sql, values) => void (await database.query(sql, [...values])), kinds)
    for (const { kind } of handlers) await boss.updateQueue(kind.name, withoutPolicy(kind))
    for (const { kind, everySeconds } of rounds) {
      await database.query(keepRound, [kind.name, everySeconds, clock.business().toISOString()])
    }
    const how = { includeMetadata: true, pollingIntervalSeconds: lookEverySeconds } as const
    for (const handler of handlers) {
      const ids: string[] = []
      workers.set(handler.kind.name, ids)
      // Of several that pg-boss makes together only one can be woken.
      while (ids.length < jobsAtATime) {
        ids.push(await boss.work<JobData, void, typeof how>(handler.kind.name, how, ([job]) => attempt(handler, job)))
      }
    }
  }

  async function attempt({ kind, run }: Handler, job: JobWithMetadata<JobData> | undefined): Promise<void> {
    if (job === undefined) return
    // Where one was there may be more: pg-boss would pause first.
    wake(kind.name)
    const { id, data, retryCount, retryLimit, signal } = job
    const outcome = { kind: kind.name, id, data, attempt: retryCount + 1 }
    const failure = await run({ id, data, attempt: retryCount + 1, signal }).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (failure) {
      const { error } = failure
      options.onFailure(error, outcome, retryCount >= retryLimit)
      // pg-boss keeps what it is told, and lists show it: the message alone, not what a library hung onto its error.
      throw new Error(scrub(error instanceof Error ? error.message : String(error)))
    }
    options.onDone(outcome)
  }

  /** What is due by the business clock becomes jobs; then it sets the alarm for what comes next, and counts the dead. */
  async function keepTime(): Promise<void> {
    try {
      const { rows: begun } = await database.query<{ name: string }>(takeDue, [clock.business().toISOString()])
      for (const { name } of begun) wake(name)
      const { rows } = await database.query<{ at: Date | null }>(nextDue)
      alarm?.cancel()
      const at = rows[0]?.at
      if (at && !stopping.signal.aborted)
        alarm = setAlarm(
          () => clock.business(),
          at,
          () => void keepTime(),
        )
      await countDead()
    } catch (error) {
      tellTrouble(error)
    }
  }

  async function countDead(): Promise<void> {
    const sql = `SELECT count(*)::int AS count FROM pgboss.job WHERE name = '${deadQueue}' AND state = 'created'`
    const { rows } = await database.query<{ count: number }>(sql)
    const count = rows[0]?.count ?? 0
    if (count !== dead) options.onDead(count)
    dead = count
  }

  function wake(kind?: string): void {
    const woken = kind ? workers.get(kind) : [...workers.values()].flat()
    for (const id of woken ?? []) boss.notifyWorker(id)
    if (!kind && workers.size > 0) void keepTime()
  }

  function tellTrouble(error: unknown): void {
    if (!stopping.signal.aborted) onTrouble(error instanceof Error ? error : new Error(String(error)))
  }

  const forgetJumps = clock.onJump(() => void keepTime())

  return {
    async start() {
      for (let pause = 1_000; !stopping.signal.aborted; pause = Math.min(2 * pause, 30_000)) {
        try {
          await startOnce()
          break
        } catch (error) {
          tellTrouble(error)
          await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
        }
      }
      if (stopping.signal.aborted) return
      await keepTime()
      look = setInterval(() => void keepTime(), lookEverySeconds * 1_000).unref()
    },
    wake,
    async stop() {
      stopping.abort()
      forgetJumps()
      alarm?.cancel()
      clearInterval(look)
      await atMost(stopMilliseconds + 500, boss.stop({ close: false, timeout: stopMilliseconds }))
    },
  }
}

function withoutPolicy(kind: JobKind) {
  const { policy: _fixed, ...changeable } = queueOptions(kind)
  return changeable
}
