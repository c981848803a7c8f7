import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { applySync, createStripe, describeStep, planSyncOf } from '../../server/src/billing/index.ts'
import { businessNow } from '../business-now.ts'
import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { withPayments } from '../local/with-payments.ts'
import { runScript, ScriptError } from '../run-script.ts'

// npm run billing:sync

const help = `Brings plans, prices and promotion codes to the payment provider. Shows what it will do, and asks, before it does it.

  npm run billing:sync [-- --dry-run | --yes]

  --dry-run  shows, and does nothing
  --yes      does not ask

Safe to repeat, and to interrupt: another run goes on where it was.
`

await runScript(async () => {
  const asked = readArguments(process.argv.slice(2))
  if (asked === null) return void process.stdout.write(help)
  const settings = readScriptSettings()
  const { payments } = settings.server
  if (payments === null) throw new ScriptError('STRIPE_SECRET_KEY is empty: nothing is sold.')
  const stripe = createStripe(payments)
  const where = payments.apiBase ? 'the local payment provider' : payments.livemode ? 'Stripe' : 'Stripe (test mode)'
  const work = () =>
    withDatabase(
      async (db) => {
        const now = await businessNow(settings)
        const steps = await planSyncOf(db, stripe, now)
        if (steps.length === 0) return void console.log(`Nothing to do: ${where} sells what the plans say.`)
        console.log(`At ${where}:\n${steps.map((step) => `  - ${describeStep(step)}`).join('\n')}`)
        if (asked.dryRun || !(asked.yes || (await isWanted()))) return void console.log('Nothing was done.')
        await applySync({ db, stripe, steps, now })
        console.log('Done.')
      },
      { settings },
    )
  await withPayments(settings, work)
})

function readArguments(words: readonly string[]): { yes: boolean; dryRun: boolean } | null {
  const options = {
    yes: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    const { values } = parseArgs({ args: [...words], options })
    return values.help ? null : { yes: values.yes ?? false, dryRun: values['dry-run'] ?? false }
  } catch (error) {
    throw new ScriptError(`${(error as Error).message.split('. ')[0]}. See npm run billing:sync -- --help.`)
  }
}

async function isWanted(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new ScriptError('Nobody is there to be asked: say --yes, or --dry-run to look only.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question('Do it? (y/N) ')).trim())
  } finally {
    terminal.close()
  }
}
