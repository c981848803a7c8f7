import { listLimit, type JobState, type ListedJob, type ListedSchedule } from '../../server/src/jobs/index.ts'

const minuteMs = 60_000

/** Returns the list of jobs as text, with the last error of each. @param now wall time */
export function describeJobs(jobs: readonly ListedJob[], now: Date): string {
  if (jobs.length === 0) return 'No unfinished jobs.'
  const counts = (['dead', 'failing', 'running', 'waiting'] satisfies JobState[])
    .map((state) => ({ state, count: jobs.filter((job) => job.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
  const isCut = jobs.length === listLimit
  const hasDead = jobs.some(({ state }) => state === 'dead')
  return [
    `${isCut ? `The first ${listLimit} jobs: ` : ''}${counts.join(', ')}`,
    ...jobs.map((job) => describeJob(job, now)),
    ...(hasDead ? ['To retry dead jobs, run npm run jobs -- retry.'] : []),
  ].join('\n')
}

function describeJob(job: ListedJob, now: Date): string {
  const { id, kind, state, data, attempts, nextAttemptAt, createdAt, error } = job
  const line = [
    state.padEnd(8),
    id,
    kind,
    ...Object.entries(data ?? {}).map(([name, value]) => `${name}=${String(value)}`),
    `created ${duration(now.getTime() - createdAt.getTime())} ago`,
    ...(attempts > 0 ? [`${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`] : []),
    ...(nextAttemptAt && nextAttemptAt > now ? [`next in ${duration(nextAttemptAt.getTime() - now.getTime())}`] : []),
  ].join('  ')
  return error ? `${line}\n          ${error.replace(/\s+/g, ' ')}` : line
}

function duration(milliseconds: number): string {
  if (milliseconds < minuteMs) return `${Math.max(0, Math.round(milliseconds / 1_000))} s`
  if (milliseconds < 120 * minuteMs) return `${Math.round(milliseconds / minuteMs)} min`
  if (milliseconds < 48 * 60 * minuteMs) return `${Math.round(milliseconds / (60 * minuteMs))} h`
  return `${Math.round(milliseconds / (24 * 60 * minuteMs))} days`
}

/** Returns the list of schedules as text; empty if there are none. */
export function describeSchedules(schedules: readonly ListedSchedule[]): string {
  if (schedules.length === 0) return ''
  const lines = schedules.map(({ kind, key, dueAt, everySeconds }) =>
    [
      dueAt.toISOString().replace(/\.\d+Z$/, 'Z'),
      kind,
      ...(key === '' ? [] : [key]),
      ...(everySeconds === null ? [] : [`every ${duration(everySeconds * 1_000)}`]),
    ].join('  '),
  )
  return ['Scheduled (business time):', ...lines].join('\n')
}
