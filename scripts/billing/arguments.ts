import { parseArgs } from 'node:util'
import { readInstant } from '../read-instant.ts'
import { ScriptError } from '../run-script.ts'

export const replayHelp = `Recomputes memberships from the ledger of webhook events.

  npm run billing:replay -- --since 2026-11-01

  --since  recomputes members with events received since then: a day (UTC), or an instant such as 2026-11-01T12:00:00Z

If events were ignored because STRIPE_SECRET_KEY was of the wrong mode, they are applied once the mode is right.
Memberships that agree with the ledger are not changed. Memberships that were changed by hand are corrected.
`

export const reconcileHelp = `Compares the stored memberships and events with the payment provider, and prints the differences.

  npm run billing:reconcile [-- --fix] [--since 2026-11-01] [--many-gone]

  --fix        applies events that never arrived, and corrects the stored memberships
  --since      looks for missed events from then on; default: 30 days ago, the longest that the provider keeps events
  --many-gone  confirms that most customers were deleted at the provider; without it they are not marked as gone

Exit code 0: no differences, or all of them fixed. Exit code 2: differences are left.
`

interface BillingRequest {
  readonly since: Date
  readonly fix: boolean
  readonly manyGone: boolean
}

const thirtyDays = 30 * 86_400_000

/** Parses the arguments. @returns null if help was requested @throws ScriptError that says what to change */
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
    if (values[flag] && !fix) throw new ScriptError(`--${flag} is not an option of this command.`)
  }
  if (values.since === undefined && needsSince) throw new ScriptError('--since is missing, such as --since 2026-11-01.')
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
    throw new ScriptError('--since must be a day such as 2026-11-01 or an instant such as 2026-11-01T12:00:00Z.')
  return at
}
