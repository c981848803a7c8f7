import { deadQueue, deadQueueOptions, queueOptions, type JobData, type JobKind } from './kind.ts'

/** What jobs need of a transaction, or of a client outside of one. Prisma's are such. */
export interface JobTransaction {
  $queryRawUnsafe<Row>(sql: string, ...values: unknown[]): Promise<Row>
}

/** Where workers listen for jobs that can begin at once. The payload is the kind's name. */
export const jobsChannel = 'gatepost_jobs'

/**
 * Adds jobs to pg-boss' table as its own `send` does, for which it needs a started instance with connections of its own: a
 * transaction of the local database would wait for those for ever. `enqueue.test.ts` holds the two together.
 *
 * @param jobs SQL: rows of (name text, data jsonb, start_after timestamptz)
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

const insertOne = `
  WITH added AS (${insertJobs("SELECT $1::text AS name, $2::jsonb AS data, now() + $3::int * interval '1 second' AS start_after")} RETURNING id)
  SELECT id::text, CASE WHEN $3::int = 0 THEN pg_notify('${jobsChannel}', $1::text) END::text FROM added`

export interface EnqueueOptions {
  /** How long the job waits at least, in seconds; it begins at once unless given. */
  readonly afterSeconds?: number
}

/**
 * Writes a job down with the transaction that decided on it: it is done if and only if that commits, at least once. The handler must
 * do no harm when it runs again.
 *
 * @returns the job's id
 */
export async function enqueue<Data extends JobData>(
  tx: JobTransaction,
  kind: JobKind<Data>,
  data: Data,
  { afterSeconds = 0 }: EnqueueOptions = {},
): Promise<string> {
  const insert = () => tx.$queryRawUnsafe<{ id: string }[]>(insertOne, kind.name, JSON.stringify(data), afterSeconds)
  let [added] = await insert()
  if (added === undefined) {
    await makeQueues(async (sql, values) => void (await tx.$queryRawUnsafe(sql, ...values)), [kind])
    ;[added] = await insert()
  }
  if (added === undefined) throw new Error(`the queue ${kind.name} could not be made`)
  return added.id
}

/** Makes the queues of these kinds that are not there yet, and the one of the dead. */
export async function makeQueues(
  run: (sql: string, values: readonly unknown[]) => Promise<void>,
  kinds: readonly Pick<JobKind, 'name' | 'policy'>[],
): Promise<void> {
  const make = (name: string, options: object) =>
    // Prisma cannot read what a function of type void answers.
    run('SELECT pgboss.create_queue($1::text, $2::jsonb)::text', [name, JSON.stringify(options)])
  await make(deadQueue, deadQueueOptions)
  for (const kind of kinds) await make(kind.name, queueOptions(kind))
}
