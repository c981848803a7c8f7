import type { z } from 'zod'

/** How jobs of a kind are run. */
interface JobPolicy {
  /** Longest duration of an attempt, in seconds. A job that takes longer is retried. */
  readonly timeoutSeconds: number
  /** Attempts after the first. Pauses between attempts double from 2 seconds to 5 minutes. After the last attempt the job is dead. */
  readonly retryLimit: number
}

/**
 * A kind of background job. Job data is stored in the database and printed by `npm run jobs`: it holds ids only, no secrets and no
 * personal data.
 */
export interface JobKind<Data extends JobData = JobData> {
  readonly name: string
  readonly policy: JobPolicy
  /** Parses the data of a job, which an older version of the server may have written. */
  readonly data: z.ZodType<Data>
}

export type JobData = Readonly<Record<string, string | number | boolean | null>>

/** The queue of dead jobs. No worker reads it. */
export const deadQueue = 'dead'

const yearSeconds = 31_536_000
const daySeconds = 86_400
const longestPauseSeconds = 300

/** Returns the options of a kind's queue in pg-boss' terms. */
export const queueOptions = ({ policy }: Pick<JobKind, 'policy'>) => ({
  policy: 'standard',
  retryLimit: policy.retryLimit,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: longestPauseSeconds,
  expireInSeconds: policy.timeoutSeconds,
  // The shortest that pg-boss allows: the jobs of a killed process are retried soon.
  heartbeatSeconds: 10,
  // By default pg-boss deletes unfinished jobs after two weeks.
  retentionSeconds: yearSeconds,
  deleteAfterSeconds: daySeconds,
  deadLetter: deadQueue,
})

export const deadQueueOptions = { policy: 'standard', retentionSeconds: yearSeconds }
