import { scrub } from '../lib/scrub.ts'
import type { JobDatabase } from './pg-boss.ts'
import { deadQueue, type JobData } from './kind.ts'

export type JobState = 'waiting' | 'running' | 'failing' | 'dead'

/** An unfinished job. */
export interface ListedJob {
  /** The id of the original job. A dead job, and a job that was retried by command, are copies with other row ids. */
  readonly id: string
  /** The id of the row. */
  readonly rowId: string
  readonly kind: string
  readonly state: JobState
  readonly data: JobData | null
  /** Attempts so far, the running one included. */
  readonly attempts: number
  /** Earliest next attempt, wall time; null while running or dead. */
  readonly nextAttemptAt: Date | null
  /** Wall time. */
  readonly createdAt: Date
  /** Message of the last failure. */
  readonly error: string | null
}

export interface ListedSchedule {
  readonly kind: string
  readonly key: string
  /** Business time. */
  readonly dueAt: Date
  /** Null: not recurring. */
  readonly everySeconds: number | null
}

export const stoppedMessage = 'the process stopped during the attempt'
export const timeoutMessage = 'the attempt took longer than its timeout'

/** pg-boss' own words for an attempt that it ends itself. */
const messagesOfPgBoss: readonly (readonly [RegExp, string])[] = [
  [/^pg-boss shut down while active$/, stoppedMessage],
  [/^job heartbeat timeout$/, 'the process ended during the attempt'],
  [/^(job timed out$|handler execution exceeded )/, timeoutMessage],
]

/** Most rows of a list. */
export const listLimit = 1_000

/** Lists unfinished jobs: dead ones first, then failing, running and waiting ones. At most 1,000. */
export async function listJobs(database: JobDatabase): Promise<ListedJob[]> {
  // pg-boss stores our errors as {message}, and its own as {value: {message}} or {value: text}.
  const { rows } = await database.query<ListedJob>(
    `SELECT * FROM (
       SELECT COALESCE(source_root_id, source_id, id) AS id, id AS "rowId", COALESCE(source_name, name) AS kind, data,
         CASE WHEN name = $1 THEN 'dead' WHEN state = 'active' THEN 'running' WHEN state = 'retry' THEN 'failing' ELSE 'waiting'
         END AS state,
         CASE WHEN name = $1 THEN source_retry_count + 1 WHEN state = 'created' THEN 0 ELSE retry_count + 1 END AS attempts,
         CASE WHEN name <> $1 AND state <> 'active' THEN start_after END AS "nextAttemptAt",
         COALESCE(source_created_on, created_on) AS "createdAt",
         COALESCE(failure #>> '{message}', failure #>> '{value,message}', failure #>> '{value}') AS error
       FROM pgboss.job, LATERAL (SELECT COALESCE(output, source_output) AS failure) AS of_job WHERE state <= 'active'
     ) AS unfinished
     ORDER BY array_position(ARRAY['dead', 'failing', 'running', 'waiting'], state), "nextAttemptAt", "createdAt", id
     LIMIT ${listLimit}`,
    [deadQueue],
  )
  return rows.map((job) => ({ ...job, error: job.error && readable(job.error) }))
}

/** Lists scheduled jobs, soonest first. At most 1,000. */
export async function listSchedules(database: JobDatabase): Promise<ListedSchedule[]> {
  const { rows } = await database.query<ListedSchedule>(
    `SELECT kind, key, due_at AS "dueAt", every_seconds AS "everySeconds" FROM job_schedule ORDER BY due_at LIMIT ${listLimit}`,
  )
  return rows
}

const readable = (error: string): string =>
  messagesOfPgBoss.find(([pattern]) => pattern.test(error))?.[1] ?? scrub(error)
