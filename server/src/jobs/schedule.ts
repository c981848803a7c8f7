import { insertJobs, jobsChannel, type JobTransaction } from './enqueue.ts'
import type { JobData, JobKind } from './kind.ts'

export interface Appointment<Data extends JobData> {
  readonly kind: JobKind<Data>
  /** What of the kind it is for. There is one appointment for each: the latest holds. */
  readonly key: string
  readonly data: Data
  /** Business time. */
  readonly dueAt: Date
}

/** Said on the jobs' channel in place of a kind: the next instant may be another. */
export const scheduleChanged = ''

/** A kind that no worker has ever known waits: it has no queue to be put into. */
const ofKnownKind = 'EXISTS (SELECT FROM pgboss.queue WHERE queue.name = job_schedule.kind)'

/** Writes down, with the transaction that decided on it, that a job begins at an instant of business time. */
export async function scheduleJob<Data extends JobData>(
  tx: JobTransaction,
  { kind, key, data, dueAt }: Appointment<Data>,
): Promise<void> {
  await tx.$queryRawUnsafe(
    `INSERT INTO job_schedule (kind, key, data, due_at) VALUES ($1, $2, $3::jsonb, $4::timestamptz)
     ON CONFLICT (kind, key) DO UPDATE SET data = EXCLUDED.data, due_at = EXCLUDED.due_at`,
    kind.name,
    key,
    JSON.stringify(data),
    dueAt.toISOString(),
  )
  await tx.$queryRawUnsafe(`SELECT pg_notify('${jobsChannel}', '${scheduleChanged}')::text`)
}

/** Calls an appointment off. One whose instant has passed is a job already. */
export async function unscheduleJob(tx: JobTransaction, kind: JobKind, key: string): Promise<void> {
  await tx.$queryRawUnsafe('DELETE FROM job_schedule WHERE kind = $1 AND key = $2', kind.name, key)
}

/** A job that comes round by itself. */
export interface Round {
  readonly kind: Pick<JobKind, 'name'>
  readonly everySeconds: number
}

/** $1 and $2: the kind and how often; $3: business time. The first comes one round from now. */
export const keepRound = `
  INSERT INTO job_schedule (kind, key, data, due_at, every_seconds)
  VALUES ($1::text, '', '{}', $3::timestamptz + $2::int * interval '1 second', $2::int)
  ON CONFLICT (kind, key) DO UPDATE SET every_seconds = EXCLUDED.every_seconds`

/**
 * $1: business time. Makes jobs of what is due, in one statement: of many processes one does it, and a process that dies has done
 * all or nothing. What comes round is due once, however many rounds have passed, and next at the first of its instants after now.
 */
export const takeDue = `
  WITH due AS (
    SELECT kind, key, data, due_at, every_seconds FROM job_schedule
    WHERE due_at <= $1::timestamptz AND ${ofKnownKind} ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
  ), once AS (
    DELETE FROM job_schedule USING due
    WHERE (job_schedule.kind, job_schedule.key) = (due.kind, due.key) AND due.every_seconds IS NULL
  ), round AS (
    UPDATE job_schedule SET due_at = due.due_at + due.every_seconds * interval '1 second'
      * (floor(extract(epoch FROM $1::timestamptz - due.due_at) / due.every_seconds) + 1)
    FROM due WHERE (job_schedule.kind, job_schedule.key) = (due.kind, due.key) AND due.every_seconds IS NOT NULL
  ), added AS (
    ${insertJobs('SELECT kind AS name, data, now() AS start_after FROM due')} RETURNING name
  )
  SELECT DISTINCT name FROM added`

/** The next instant of business time at which something is due. */
export const nextDue = `SELECT min(due_at) AS at FROM job_schedule WHERE ${ofKnownKind}`
