import { parseArgs } from 'node:util'
import { createPool } from '../server/src/db/index.ts'
import { listJobs, listSchedules, retryJobs, type JobDatabase } from '../server/src/jobs/index.ts'
import { readScriptSettings } from './env.ts'
import { describeSchedules, describeJobs } from './jobs/describe.ts'
import { withDatabaseUrl } from './local/with-database.ts'
import { runScript, ScriptError } from './run-script.ts'

const usage = `npm run jobs [-- list | retry [ID ...]]

Background jobs: calls to the payment provider, and what is scheduled.

  list           lists unfinished jobs, dead ones first, with the error of the last attempt; then what is scheduled
  retry          retries dead and failing jobs now, in a running server
  retry ID ...   retries these jobs only
  --json         prints the lists as JSON

Exit code 2: there are dead jobs.`

await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [what = 'list', ...ids] = positionals
  if (values.help) return console.log(usage)
  if (what !== 'list' && what !== 'retry') throw new ScriptError(`Unknown command: ${what}\n\n${usage}`)
  if (what === 'list' && ids.length > 0) throw new ScriptError(usage)
  await withDatabaseUrl(
    async (url) => {
      const pool = createPool({ url, poolMax: 1, onConnectionLost: () => undefined })
      try {
        await (what === 'retry' ? retry(pool, ids) : list(pool, values.json ?? false))
      } finally {
        await pool.end()
      }
    },
    { settings: readScriptSettings() },
  )
})

async function list(pool: JobDatabase, asJson: boolean): Promise<void> {
  const [jobs, schedules] = [await listJobs(pool), await listSchedules(pool)]
  if (asJson) console.log(JSON.stringify({ jobs, schedules }, null, 2))
  else console.log([describeJobs(jobs, new Date()), describeSchedules(schedules)].filter(Boolean).join('\n\n'))
  if (jobs.some(({ state }) => state === 'dead')) process.exitCode = 2
}

async function retry(pool: JobDatabase, ids: readonly string[]): Promise<void> {
  const jobs = await listJobs(pool)
  const unknown = ids.filter((id) => !jobs.some((job) => job.id === id || job.rowId === id))
  if (unknown.length > 0) throw new ScriptError(`No such job: ${unknown.join(', ')}. npm run jobs lists them.`)
  const count = await retryJobs(pool, ids.length > 0 ? ids : undefined)
  console.log(count === 0 ? 'No dead or failing jobs.' : `${count} ${count === 1 ? 'job' : 'jobs'} retried.`)
}
