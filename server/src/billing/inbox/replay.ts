import type { Database } from '../../db/index.ts'
import { applyCustomer } from './commands.ts'
import { customersHeardOfSince } from './queries.ts'

export interface ReplayReport {
  readonly customers: number
  /** Rows of what is held that were not as the ledger says, and now are. */
  readonly changes: number
  readonly pending: ReadonlyMap<string, string>
}

export interface ReplayOptions {
  readonly graceMilliseconds: number
  /** Whether our key is of live mode. */
  readonly livemode: boolean
  /** Wall time. */
  readonly since: Date
  /** Wall time. */
  readonly wallNow: Date
  /** Business time. */
  readonly now: Date
}

/**
 * Computes again what everybody holds of whom something was received since an instant, from all of their events. Where
 * nothing was lost it changes nothing.
 */
export async function replayLedger(db: Database, { since, ...options }: ReplayOptions): Promise<ReplayReport> {
  const customers = await db.$transaction((tx) => customersHeardOfSince(tx, since))
  const pending = new Map<string, string>()
  let changes = 0
  for (const customerId of customers) {
    const applied = await db.$transaction((tx) =>
      applyCustomer(tx, customerId, { ...options, cause: 'billing:replay' }),
    )
    changes += applied.changes
    for (const [id, note] of applied.pending) pending.set(id, note)
  }
  return { customers: customers.length, changes, pending }
}
