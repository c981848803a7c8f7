import { replayLedger } from '../../server/src/billing/index.ts'
import { businessNow } from '../business-now.ts'
import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { runScript, ScriptError } from '../run-script.ts'
import { billingArguments, replayHelp } from './arguments.ts'

// npm run billing:replay

await runScript(async () => {
  const settings = readScriptSettings()
  const args = billingArguments(process.argv.slice(2), { fix: false, needsSince: true })
  if (args === null) return void process.stdout.write(replayHelp)
  const { payments, graceMilliseconds } = settings.server
  if (payments === null)
    throw new ScriptError(
      'STRIPE_SECRET_KEY is empty. It determines which events are applied: those of live mode or of test mode.',
    )
  const { livemode } = payments
  const now = await businessNow(settings)
  const options = { since: args.since, graceMilliseconds, livemode, now, wallNow: new Date() }
  const report = await withDatabase((db) => replayLedger(db, options), { settings })
  if (report.appliedEvents > 0) console.log(`${report.appliedEvents} ignored events were applied.`)
  console.log(`${report.customers} customers recomputed from the ledger, ${report.changes} changes.`)
  for (const [event, note] of report.pending) console.log(`${event} is pending: ${note}`)
})
