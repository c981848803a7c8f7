import { deadQueue, type JobData } from './kind.ts'
import type { JobDatabase } from './worker.ts'

/** A job that has not been done, for people to look at. */
export interface ListedJob {
  readonly id: string
  readonly kind: string
  readonly state: 'waits' | 'runs' | 'fails' | 'dead'
  readonly data: JobData | null
  /** Tries so far. */
  readonly attempts: number
  /** When it is tried next; wall time. */
  readonly nextTry: Date | null
  /** When it was written down; wall time. */
  readonly createdAt: Date
  /** What went wrong at the last try. */
  readonly problem: string | null
}

export interface ListedAppointment {
  readonly kind: string
  readonly key: string
  /** Business time. */
  readonly dueAt: Date
  readonly everySeconds: number | null
}

/** What is not done, the dead first, then what fails, then the rest in the order in which it will be tried. At most 1,000. */
export async function listJobs(database: JobDatabase): Promise<ListedJob[]> {
  const { rows } = await database.query<ListedJob>(
    `SELECT id, state, data, attempts, "nextTry", "createdAt", problem, kind FROM (
       SELECT id, COALESCE(source_name, name) AS kind, data,
         CASE WHEN name = $1 THEN 'dead' WHEN state = 'active' THEN 'runs' WHEN state = 'retry' THEN 'fails' ELSE 'waits' END AS state,
         CASE WHEN name = $1 THEN source_retry_count + 1 WHEN state = 'created' THEN 0 ELSE retry_count + 1 END AS attempts,
         CASE WHEN name <> $1 AND state <> 'active' THEN start_after END AS "nextTry",
         COALESCE(source_created_on, created_on) AS "createdAt",
         COALESCE(output, source_output) #>> '{message}' AS problem
       FROM pgboss.job WHERE state <= 'active'
     ) AS open
     ORDER BY array_position(ARRAY['dead', 'fails', 'runs', 'waits'], state), "nextTry", "createdAt", id LIMIT 1000`,
    [deadQueue],
  )
  return rows
}

/** What is to begin at an instant of business time, soonest first. At most 1,000. */
export async function listAppointments(database: JobDatabase): Promise<ListedAppointment[]> {
  const { rows } = await database.query<ListedAppointment>(
    `SELECT kind, key, due_at AS "dueAt", every_seconds AS "everySeconds" FROM job_schedule ORDER BY due_at LIMIT 1000`,
  )
  return rows
}
