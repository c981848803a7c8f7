import { createStripe, differences } from '../../server/src/billing/index.ts'
import { businessNow } from '../business-now.ts'
import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { withPayments } from '../local/with-payments.ts'
import { runScript, ScriptError } from '../run-script.ts'
import { billingArguments, reconcileHelp } from './arguments.ts'

// npm run billing:reconcile

await runScript(async () => {
  const settings = readScriptSettings()
  const args = billingArguments(process.argv.slice(2), { fix: true, needsSince: false })
  if (args === null) return void process.stdout.write(reconcileHelp)
  const { payments, graceMilliseconds } = settings.server
  if (payments === null) throw new ScriptError('STRIPE_SECRET_KEY is empty. The comparison requires it.')
  await withPayments(settings, () =>
    withDatabase(
      async (db) => {
        const ahead = (await businessNow(settings)).getTime() - Date.now()
        const found = { mended: 0, left: 0 }
        const options = {
          db,
          stripe: createStripe(payments),
          graceMilliseconds,
          livemode: payments.livemode,
          since: args.since,
          manyGone: args.manyGone,
          wallNow: () => new Date(),
          businessNow: () => new Date(Date.now() + ahead),
        }
        for await (const { what, fixable, fix } of differences(options)) {
          const mending = args.fix && fixable
          if (mending) await fix()
          found[mending ? 'mended' : 'left'] += 1
          console.log(`${mending ? 'fixed: ' : ''}${what}`)
        }
        console.log(summary(found))
        if (found.left > 0) process.exitCode = 2
      },
      { settings },
    ),
  )
})

function summary({ mended, left }: { mended: number; left: number }): string {
  if (mended + left === 0) return 'No difference.'
  return `${mended} fixed, ${left} left${mended === 0 && left > 0 ? ' (--fix fixes what can be fixed)' : ''}.`
}
