import { parseArgs } from 'node:util'
import { createPool } from '../server/src/db/index.ts'
import { readScriptSettings } from './env.ts'
import { jobsHelp, runJobsCommand } from './jobs/command.ts'
import { withDatabaseUrl } from './local/with-database.ts'
import { runScript } from './run-script.ts'

// npm run jobs

await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) return void process.stdout.write(jobsHelp)
  await withDatabaseUrl(
    async (url) => {
      const pool = createPool({ url, poolMax: 1, onConnectionLost: () => undefined })
      try {
        const { output, exitCode } = await runJobsCommand(pool, positionals, { asJson: values.json, now: new Date() })
        console.log(output)
        process.exitCode = exitCode
      } finally {
        await pool.end()
      }
    },
    { settings: readScriptSettings() },
  )
})
