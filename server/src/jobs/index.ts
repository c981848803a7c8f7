export { enqueue, jobsChannel, type EnqueueOptions, type JobTransaction } from './enqueue.ts'
export { deadQueue, type JobData, type JobKind } from './kind.ts'
export { listAppointments, listJobs, type ListedAppointment, type ListedJob } from './lists.ts'
export { retryJobs } from './retry.ts'
export { scheduleJob, unscheduleJob, type Appointment, type Round } from './schedule.ts'
export {
  createWorker,
  handle,
  type Handler,
  type JobDatabase,
  type JobOutcome,
  type RunningJob,
  type Worker,
} from './worker.ts'
