import { listJobs, listSchedules, retryJobs, type JobDatabase } from '../../server/src/jobs/index.ts'
import { ScriptError } from '../run-script.ts'
import { describeJobs, describeSchedules } from './describe.ts'

export const jobsHelp = `npm run jobs [-- list | retry [ID ...]]

Background jobs: calls to the payment provider, and schedules.

  list           lists unfinished jobs, dead ones first, with the error of the last attempt, then schedules
  retry          retries dead and failing jobs now, in a running server
  retry ID ...   retries these jobs only
  --json         prints the lists as JSON

Exit code 2: dead jobs exist.
`

interface CommandResult {
  readonly output: string
  readonly exitCode: number
}

/**
 * Runs a command of `npm run jobs`.
 *
 * @param words the command and its ids
 * @throws ScriptError for an unknown command or id
 */
export async function runJobsCommand(
  database: JobDatabase,
  words: readonly string[],
  { asJson, now }: { readonly asJson: boolean; readonly now: Date },
): Promise<CommandResult> {
  const [command = 'list', ...ids] = words
  const jobs = await listJobs(database)
  if (command === 'list' && ids.length === 0) {
    const schedules = await listSchedules(database)
    const text = [describeJobs(jobs, now), describeSchedules(schedules)].filter(Boolean).join('\n\n')
    const exitCode = jobs.some(({ state }) => state === 'dead') ? 2 : 0
    return { output: asJson ? JSON.stringify({ jobs, schedules }, null, 2) : text, exitCode }
  }
  if (command !== 'retry') throw new ScriptError(`Unknown command: ${words.join(' ')}\n\n${jobsHelp}`)
  const unknown = ids.filter((id) => !jobs.some((job) => job.id === id || job.rowId === id))
  if (unknown.length > 0) throw new ScriptError(`No such job: ${unknown.join(', ')}. npm run jobs lists them.`)
  const count = await retryJobs(database, ids.length > 0 ? ids : undefined)
  const none =
    ids.length > 0 ? 'No job was retried. Only dead and failing jobs can be retried.' : 'No dead or failing jobs.'
  const output = count === 0 ? none : `${count} ${count === 1 ? 'job' : 'jobs'} queued to run now.`
  return { output, exitCode: 0 }
}
