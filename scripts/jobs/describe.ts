import type { ListedAppointment, ListedJob } from '../../server/src/jobs/index.ts'

const minute = 60_000

/** Jobs as people read them, each with what went wrong below it. @param now wall time */
export function describeJobs(jobs: readonly ListedJob[], now: Date): string {
  if (jobs.length === 0) return 'Nothing is left to do.'
  const counts = (['dead', 'fails', 'runs', 'waits'] as const)
    .map((state) => ({ state, count: jobs.filter((job) => job.state === state).length }))
    .filter(({ count }) => count > 0)
  const dead = jobs.some(({ state }) => state === 'dead')
  return [
    counts.map(({ state, count }) => `${count} ${words[state]}`).join(', '),
    ...jobs.map((job) => describeJob(job, now)),
    ...(dead ? ['npm run jobs -- retry tries the dead again.'] : []),
  ].join('\n')
}

const words = { dead: 'dead', fails: 'failing', runs: 'running', waits: 'waiting' }

function describeJob({ id, kind, state, data, attempts, nextTry, createdAt, problem }: ListedJob, now: Date): string {
  const carried = Object.entries(data ?? {}).map(([name, value]) => `${name}=${String(value)}`)
  const line = [
    words[state].padEnd(8),
    id,
    kind,
    ...carried,
    `since ${ago(now.getTime() - createdAt.getTime())}`,
    ...(attempts > 0 ? [`${attempts} ${attempts === 1 ? 'try' : 'tries'}`] : []),
    ...(nextTry && nextTry > now ? [`next in ${ago(nextTry.getTime() - now.getTime())}`] : []),
  ].join('  ')
  return problem ? `${line}\n          ${problem.replace(/\s+/g, ' ')}` : line
}

function ago(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.max(0, Math.round(milliseconds / 1_000))} s`
  if (milliseconds < 120 * minute) return `${Math.round(milliseconds / minute)} min`
  if (milliseconds < 48 * 60 * minute) return `${Math.round(milliseconds / (60 * minute))} h`
  return `${Math.round(milliseconds / (24 * 60 * minute))} days`
}

/** What begins at an instant of business time, soonest first; empty when there is nothing. */
export const describeAppointments = (appointments: readonly ListedAppointment[]): string =>
  appointments
    .map(({ kind, key, dueAt, everySeconds }) =>
      [
        dueAt.toISOString().replace(/\.\d+Z$/, 'Z'),
        kind,
        ...(key === '' ? [] : [key]),
        ...(everySeconds === null ? [] : [`every ${ago(everySeconds * 1_000)}`]),
      ].join('  '),
    )
    .join('\n')
