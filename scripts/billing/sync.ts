import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { applySync, createStripe, describeStep, planSyncOf } from '../../server/src/billing/index.ts'
import { businessNow } from '../business-now.ts'
import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { withPayments } from '../local/with-payments.ts'
import { runScript, ScriptError } from '../run-script.ts'

// npm run billing:sync

const help = `Copies plans, prices and promotion codes to the payment provider. Shows the changes and asks before it makes them.

  npm run billing:sync [-- --dry-run | --yes]

  --dry-run  shows the changes without making them
  --yes      makes the changes without asking

The command is idempotent. After an interruption, another run continues where the last one stopped.
`

await runScript(async () => {
  const args = readArguments(process.argv.slice(2))
  if (args === null) return void process.stdout.write(help)
  const settings = readScriptSettings()
  const { payments } = settings.server
  if (payments === null) throw new ScriptError('STRIPE_SECRET_KEY is empty. The synchronisation requires it.')
  const stripe = createStripe(payments)
  const where = payments.apiBase ? 'the local payment provider' : payments.livemode ? 'Stripe' : 'Stripe (test mode)'
  const work = () =>
    withDatabase(
      async (db) => {
        const now = await businessNow(settings)
        const steps = await planSyncOf(db, stripe, now)
        if (steps.length === 0) return void console.log(`Nothing to do: ${where} is up to date.`)
        console.log(`At ${where}:\n${steps.map((step) => `  - ${describeStep(step)}`).join('\n')}`)
        if (args.dryRun || !(args.yes || (await isWanted()))) return void console.log('Nothing was changed.')
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
  if (!process.stdin.isTTY)
    throw new ScriptError('There is no terminal to confirm in. Use --yes, or --dry-run to show the changes only.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question('Apply these changes? (y/N) ')).trim())
  } finally {
    terminal.close()
  }
}
