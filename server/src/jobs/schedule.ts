import { insertJobs, jobsChannel, type JobTransaction } from './enqueue.ts'
import type { JobData, JobKind } from './kind.ts'

/** A job that starts at an instant of business time. */
interface ScheduledJob<Data extends JobData> {
  readonly kind: JobKind<Data>
  /** Identifies the schedule within its kind: an article's id, for example. Scheduling the same key again replaces the schedule. */
  readonly key: string
  readonly data: Data
  /** Business time. */
  readonly dueAt: Date
}

/** Schedules a job in a transaction. */
export async function scheduleJob<Data extends JobData>(
  tx: JobTransaction,
  { kind, key, data, dueAt }: ScheduledJob<Data>,
): Promise<void> {
  await tx.$queryRawUnsafe(
    `INSERT INTO job_schedule (kind, key, data, due_at) VALUES ($1, $2, $3::jsonb, $4::timestamptz)
     ON CONFLICT (kind, key) DO UPDATE SET data = EXCLUDED.data, due_at = EXCLUDED.due_at`,
    kind.name,
    key,
    JSON.stringify(data),
    dueAt.toISOString(),
  )
  await tx.$queryRawUnsafe(`SELECT pg_notify('${jobsChannel}', '')::text`)
}

/** Removes a schedule. A job that has been enqueued already is not affected. */
export async function unscheduleJob(tx: JobTransaction, kind: JobKind, key: string): Promise<void> {
  await tx.$queryRawUnsafe('DELETE FROM job_schedule WHERE kind = $1 AND key = $2', kind.name, key)
}

/** A job without data that repeats at an interval of business time. */
export interface RecurringJob {
  readonly kind: Pick<JobKind, 'name'>
  readonly everySeconds: number
}

/** Creates or updates a recurring schedule. $1: kind, $2: interval in seconds, $3: business time. First due one interval from now. */
export const upsertRecurringJob = `
  INSERT INTO job_schedule (kind, key, data, due_at, every_seconds)
  VALUES ($1::text, '', '{}', $3::timestamptz + $2::int * interval '1 second', $2::int)
  ON CONFLICT (kind, key) DO UPDATE SET every_seconds = EXCLUDED.every_seconds`

/**
 * Enqueues due jobs. $1: business time, $2: kinds that the worker handles. A single statement, so concurrent workers enqueue each job
 * once, and a crash leaves either both the job and its new due time or neither. A recurring job that missed several intervals is
 * enqueued once; its next due time is the first instant of its grid after now.
 */
export const enqueueDueJobs = `
  WITH due AS (
    SELECT kind, key, data, due_at, every_seconds FROM job_schedule
    WHERE due_at <= $1::timestamptz AND kind = ANY($2::text[]) ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
  ), removed AS (
    DELETE FROM job_schedule USING due
    WHERE (job_schedule.kind, job_schedule.key) = (due.kind, due.key) AND due.every_seconds IS NULL
  ), advanced AS (
    UPDATE job_schedule SET due_at = due.due_at + due.every_seconds * interval '1 second'
      * (floor(extract(epoch FROM $1::timestamptz - due.due_at) / due.every_seconds) + 1)
    FROM due WHERE (job_schedule.kind, job_schedule.key) = (due.kind, due.key) AND due.every_seconds IS NOT NULL
  ), added AS (
    ${insertJobs('SELECT kind AS name, data, now() AS start_after FROM due')} RETURNING name
  )
  SELECT DISTINCT name FROM added`

/** Selects the next due time, or null. $1: kinds that the worker handles. */
export const nextDueAt = 'SELECT min(due_at) AS "dueAt" FROM job_schedule WHERE kind = ANY($1::text[])'
