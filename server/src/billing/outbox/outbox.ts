import type Stripe from 'stripe'
import type { Database } from '../../db/index.ts'
import { atMost } from '../../lib/at-most.ts'
import type { Clock } from '../../lib/clock.ts'
import { endTask, putOffTask, takeTask, type TakenTask } from './commands.ts'
import { doTask } from './do-task.ts'

/** How often each process looks for tasks that another one has left, in milliseconds. */
const lookEveryMilliseconds = 5_000
/** How long a stop waits for a call that has begun, in milliseconds: its lease brings the task to another process. */
const stopMilliseconds = 2_000

export interface Outbox {
  /** Does what is due until nothing is. Never rejects. */
  readonly drain: () => Promise<void>
  /** Looks for what is due now, and again every few seconds. */
  readonly start: () => void
  /** Takes nothing more, and waits two seconds at most for what it has begun. */
  readonly stop: () => Promise<void>
}

export interface OutboxOptions {
  readonly db: Database
  readonly stripe: Stripe
  readonly clock: Clock
  readonly onDone: (task: TakenTask) => void
  /** A task failed and will be tried again; or, without one, tasks cannot be looked for. */
  readonly onFailure: (error: unknown, task: TakenTask | null) => void
}

/**
 * Makes the calls to the provider that transactions have written down (`billing_task`): at least once, by whichever process is
 * alive. A task that was taken by a process that is gone is due again after a minute.
 */
export function createOutbox({ db, stripe, clock, onDone, onFailure }: OutboxOptions): Outbox {
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let timer: NodeJS.Timeout | null = null

  async function work(): Promise<void> {
    try {
      do {
        again = false
        for (let task = await next(); task; task = await next()) await attempt(task)
      } while (again)
    } catch (error) {
      onFailure(error, null)
    } finally {
      running = null
    }
  }

  const next = async (): Promise<TakenTask | null> => (stopped ? null : takeTask(db, clock.wall()))

  async function attempt(task: TakenTask): Promise<void> {
    try {
      await doTask(stripe, task)
      await endTask(db, task)
      onDone(task)
    } catch (error) {
      onFailure(error, task)
      await putOffTask(db, task, clock.wall())
    }
  }

  function drain(): Promise<void> {
    again = running !== null
    running ??= work()
    return running
  }

  return {
    drain,
    start() {
      void drain()
      timer = setInterval(() => void drain(), lookEveryMilliseconds)
      timer.unref()
    },
    async stop() {
      stopped = true
      if (timer) clearInterval(timer)
      if (running) await atMost(stopMilliseconds, running)
    },
  }
}
