import { parseArgs } from 'node:util'
import { readInstant } from '../read-instant.ts'
import { ScriptError } from '../run-script.ts'

export const replayHelp = `Computes again, from the ledger of what the payment provider told us, what members hold.

  npm run billing:replay -- --since 2026-11-01

  --since  everybody of whom something was received since then: a day (UTC), or an instant such as 2026-11-01T12:00:00Z

Events that were kept without being read, because STRIPE_SECRET_KEY was of the wrong mode, are read if they can be now.
Where nothing was lost it changes nothing; what was changed behind the ledger's back comes right.
`

export const reconcileHelp = `Compares what we know with the payment provider, and prints what differs.

  npm run billing:reconcile [-- --fix] [--since 2026-11-01] [--many-gone]

  --fix        takes in the events that never arrived and brings what is held in line
  --since      looks for events from then on; default: the last 30 days, which is as long as the provider keeps them
  --many-gone  most customers were really deleted at the provider: without it that many are not believed to be gone

Exit code 0: no difference, or all mended; 2: some are left.
`

export interface BillingRequest {
  readonly since: Date
  readonly fix: boolean
  readonly manyGone: boolean
}

const thirtyDays = 30 * 86_400_000

/** @returns null: help was asked for. @throws ScriptError saying what to change */
export function billingArguments(
  words: readonly string[],
  { fix, needsSince }: { fix: boolean; needsSince: boolean },
): BillingRequest | null {
  const options = {
    since: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    fix: { type: 'boolean' },
    'many-gone': { type: 'boolean' },
  } as const
  const { values } = parsed(() => parseArgs({ args: [...words], options, allowPositionals: false }))
  if (values.help) return null
  for (const flag of ['fix', 'many-gone'] as const) {
    if (values[flag] && !fix) throw new ScriptError(`--${flag} is no flag of this command.`)
  }
  if (values.since === undefined && needsSince) throw new ScriptError('Say since when: --since 2026-11-01')
  return {
    since: values.since === undefined ? new Date(Date.now() - thirtyDays) : instant(values.since),
    fix: values.fix ?? false,
    manyGone: values['many-gone'] ?? false,
  }
}

function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new ScriptError(error instanceof Error ? error.message : String(error))
  }
}

function instant(text: string): Date {
  const at = readInstant(text)
  if (at === null)
    throw new ScriptError('--since is a day such as 2026-11-01 or an instant such as 2026-11-01T12:00:00Z.')
  return at
}
