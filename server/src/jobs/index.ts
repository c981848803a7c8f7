export { createBoss, type JobDatabase } from './pg-boss.ts'
export { enqueue, enqueueUnlessPending, jobsChannel, type EnqueueOptions, type JobTransaction } from './enqueue.ts'
export type { JobData, JobKind } from './kind.ts'
export { listJobs, listLimit, listSchedules, type JobState, type ListedJob, type ListedSchedule } from './lists.ts'
export { retryJobs } from './retry.ts'
export { scheduleJob, unscheduleJob, type RecurringJob, type ScheduledJob } from './schedule.ts'
export {
  createHandler,
  createWorker,
  type JobAttempt,
  type JobHandler,
  type JobResult,
  type RunningJob,
  type Worker,
} from './worker.ts'
