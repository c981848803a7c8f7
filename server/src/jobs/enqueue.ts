import { deadQueue, deadQueueOptions, queueOptions, type JobData, type JobKind } from './kind.ts'

/** The part of a Prisma transaction, or client, that jobs need. */
export interface JobTransaction {
  $queryRawUnsafe<Row>(sql: string, ...values: unknown[]): Promise<Row>
}

/** The NOTIFY channel that wakes workers. The payload is the kind's name, or empty when a schedule has changed. */
export const jobsChannel = 'gatepost_jobs'

/**
 * Returns an INSERT of jobs into pg-boss' table. pg-boss' own `send` needs a started instance with its own connections, and on the
 * local database those wait until the open transaction ends: a deadlock. `jobs.test.ts` compares the rows with those of `send`.
 *
 * @param jobs SQL that selects (name text, data jsonb, start_after timestamptz)
 */
export const insertJobs = (jobs: string): string => `
  INSERT INTO pgboss.job (
    name, data, start_after, created_on, keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay, retry_backoff,
    retry_delay_max, policy, dead_letter, heartbeat_seconds
  )
  SELECT queue.name, jobs.data, jobs.start_after, now(), jobs.start_after + queue.retention_seconds * interval '1 second',
    queue.expire_seconds, queue.deletion_seconds, queue.retry_limit, queue.retry_delay, queue.retry_backoff,
    queue.retry_delay_max, queue.policy, queue.dead_letter, queue.heartbeat_seconds
  FROM (${jobs}) AS jobs JOIN pgboss.queue ON queue.name = jobs.name`

const newJob = "SELECT $1::text AS name, $2::jsonb AS data, now() + $3::int * interval '1 second' AS start_after"
const insertJob = `
  WITH added AS (${insertJobs(newJob)} RETURNING id)
  SELECT id::text, CASE WHEN $3::int = 0 THEN pg_notify('${jobsChannel}', $1::text) END::text FROM added`

interface EnqueueOptions {
  /** Earliest start, in seconds from now. Default 0. */
  readonly delaySeconds?: number
}

/**
 * Adds a job in a transaction. The job runs if and only if the transaction commits, at least once: its handler must be idempotent.
 *
 * @returns the job's id
 */
export async function enqueue<Data extends JobData>(
  tx: JobTransaction,
  kind: JobKind<Data>,
  data: Data,
  { delaySeconds = 0 }: EnqueueOptions = {},
): Promise<string> {
  const insert = () => tx.$queryRawUnsafe<{ id: string }[]>(insertJob, kind.name, JSON.stringify(data), delaySeconds)
  let [added] = await insert()
  if (added === undefined) {
    await createQueues(async (sql, values) => void (await tx.$queryRawUnsafe(sql, ...values)), [kind])
    ;[added] = await insert()
  }
  if (added === undefined) throw new Error(`the queue ${kind.name} could not be created`)
  return added.id
}

/** Adds a job unless a job with the same data is waiting or running. Dead jobs are ignored. */
export async function enqueueUnlessPending<Data extends JobData>(
  tx: JobTransaction,
  kind: JobKind<Data>,
  data: Data,
  options: EnqueueOptions = {},
): Promise<void> {
  const pending = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT FROM pgboss.job WHERE name = $1 AND state <= 'active' AND data = $2::jsonb LIMIT 1`,
    kind.name,
    JSON.stringify(data),
  )
  if (pending.length === 0) await enqueue(tx, kind, data, options)
}

/** Creates the queues of kinds, and the queue of dead jobs, where they are missing. */
export async function createQueues(
  run: (sql: string, values: readonly unknown[]) => Promise<void>,
  kinds: readonly Pick<JobKind, 'name' | 'policy'>[],
): Promise<void> {
  const create = (name: string, options: object) =>
    // Prisma cannot read a result of type void.
    run('SELECT pgboss.create_queue($1::text, $2::jsonb)::text', [name, JSON.stringify(options)])
  await create(deadQueue, deadQueueOptions)
  for (const kind of kinds) await create(kind.name, queueOptions(kind))
}
