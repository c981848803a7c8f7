import type { z } from 'zod'

/** How the jobs of a kind are treated. Times in seconds. */
export interface JobPolicy {
  /** Longest that one try may take; past it the job is tried again, by this process or another. */
  readonly longestTry: number
  /** Tries after the first. They come after 2, 4, 8 … seconds, at most five minutes; then the job is dead. */
  readonly retries: number
}

/**
 * A kind of side effect, by name and by what must be known to do it. What a job carries stands in the database and in the lists of
 * `npm run jobs`: names of rows, never a secret and nothing of a person.
 */
export interface JobKind<Data extends JobData = JobData> {
  readonly name: string
  readonly policy: JobPolicy
  /** What a job carries. An older version may have written it. */
  readonly data: z.ZodType<Data>
}

export type JobData = Readonly<Record<string, string | number | boolean | null>>

/** Where jobs go that have failed for good. It has no worker: people look at it and send its jobs back. */
export const deadQueue = 'dead'

const yearSeconds = 31_536_000
const longestPauseSeconds = 300

/** As pg-boss names it. */
export const queueOptions = ({ policy }: Pick<JobKind, 'policy'>) => ({
  policy: 'standard',
  retryLimit: policy.retries,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: longestPauseSeconds,
  expireInSeconds: policy.longestTry,
  // A process that is gone is missed after this: another one takes its job. It is pg-boss' shortest.
  heartbeatSeconds: 10,
  // Else pg-boss forgets after two weeks what nobody has done.
  retentionSeconds: yearSeconds,
  deadLetter: deadQueue,
})

export const deadQueueOptions = { policy: 'standard', retentionSeconds: yearSeconds }
