import { parseArgs } from 'node:util'
import { createPool } from '../server/src/db/index.ts'
import { listAppointments, listJobs, retryJobs, type JobDatabase } from '../server/src/jobs/index.ts'
import { readScriptSettings } from './env.ts'
import { describeAppointments, describeJobs } from './jobs/describe.ts'
import { withDatabaseUrl } from './local/with-database.ts'
import { runScript, ScriptError } from './run-script.ts'

const usage = `npm run jobs [-- what]

What is still to be done apart from requests: calls to the payment provider, and what comes at an instant of business time.

  (nothing)      lists the jobs that are not done: the dead first, then those that fail, with what went wrong
  retry          tries the dead and the failing again, now; needs a running server to do them
  retry ID ...   only these
  --json         as JSON, for programs

Exit code 2: some jobs are dead.`

await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [what = 'list', ...ids] = positionals
  if (values.help) return console.log(usage)
  if (what !== 'list' && what !== 'retry') throw new ScriptError(`There is no "${what}".\n\n${usage}`)
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
  const [jobs, appointments] = [await listJobs(pool), await listAppointments(pool)]
  if (asJson) console.log(JSON.stringify({ jobs, appointments }, null, 2))
  else console.log([describeJobs(jobs, new Date()), describeAppointments(appointments)].filter(Boolean).join('\n\n'))
  if (jobs.some(({ state }) => state === 'dead')) process.exitCode = 2
}

async function retry(pool: JobDatabase, ids: readonly string[]): Promise<void> {
  const jobs = await listJobs(pool)
  const strange = ids.filter((id) => !jobs.some((job) => job.id === id))
  if (strange.length > 0) throw new ScriptError(`No such job: ${strange.join(', ')}. npm run jobs lists them.`)
  const count = await retryJobs(pool, ids.length > 0 ? ids : undefined)
  console.log(count === 0 ? 'Nothing to retry.' : `${count} ${count === 1 ? 'job is' : 'jobs are'} tried again now.`)
}
