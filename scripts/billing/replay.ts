import { replayLedger } from '../../server/src/billing/index.ts'
import { businessNow } from '../business-now.ts'
import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { runScript } from '../run-script.ts'
import { billingArguments, replayHelp } from './arguments.ts'

// npm run billing:replay

await runScript(async () => {
  const settings = readScriptSettings()
  const asked = billingArguments(process.argv.slice(2), { fix: false, needsSince: true })
  if (asked === null) return void process.stdout.write(replayHelp)
  const { graceMilliseconds } = settings.server
  const now = await businessNow(settings)
  const report = await withDatabase((db) => replayLedger(db, { since: asked.since, graceMilliseconds, now }), {
    settings,
  })
  console.log(`${report.customers} customers computed again from the ledger, ${report.changes} changes.`)
  for (const [event, note] of report.pending) console.log(`${event} waits: ${note}`)
})
