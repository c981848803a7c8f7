import type { Database } from '../../db/index.ts'
import { applyCustomer, takeUp } from './apply-customer.ts'
import { customersHeardOfSince, readableNow } from './queries.ts'

export interface ReplayReport {
  /** Events that had been kept without being read, and now are. */
  readonly takenUp: number
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
 * Computes again what everybody holds of whom something was received since an instant, from all of their events.
 * Events that were ignored for a key of the wrong mode, and are not any more, count with the rest. Where nothing was lost it changes
 * nothing.
 */
export async function replayLedger(db: Database, { since, ...options }: ReplayOptions): Promise<ReplayReport> {
  let takenUp = 0
  for await (const ids of readableNow(db, since, options.livemode)) {
    await takeUp(db, ids)
    takenUp += ids.length
  }
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
  return { takenUp, customers: customers.length, changes, pending }
}
