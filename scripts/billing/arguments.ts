import { parseArgs } from 'node:util'
import { readInstant } from '../read-instant.ts'
import { ScriptError } from '../run-script.ts'

export const replayHelp = `Computes again, from the ledger of what the payment provider told us, what members hold.

  npm run billing:replay -- --since 2026-11-01

  --since  everybody of whom something was received since then: a day (UTC), or an instant such as 2026-11-01T12:00:00Z

Where nothing was lost it changes nothing; what was changed behind the ledger's back comes right.
`

export const reconcileHelp = `Compares what we know with the payment provider, and prints what differs.

  npm run billing:reconcile [-- --fix] [--since 2026-11-01]

  --fix    takes in the events that never arrived and brings what is held in line
  --since  looks for events from then on; default: the last 30 days, which is as long as the provider keeps them

Exit code 0: no difference, or all mended; 2: some are left.
`

export interface BillingRequest {
  readonly since: Date
  readonly fix: boolean
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
  } as const
  const { values } = parsed(() => parseArgs({ args: [...words], options, allowPositionals: false }))
  if (values.help) return null
  if (values.fix && !fix) throw new ScriptError('--fix is no flag of this command.')
  if (values.since === undefined && needsSince) throw new ScriptError('Say since when: --since 2026-11-01')
  return {
    since: values.since === undefined ? new Date(Date.now() - thirtyDays) : instant(values.since),
    fix: values.fix ?? false,
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
