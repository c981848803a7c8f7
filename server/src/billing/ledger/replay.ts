import type { Database } from '../../db/index.ts'
import { applyCustomer, markPending } from './apply-customer.ts'
import { customersWithEventsSince, ignoredEventsToApply } from './queries.ts'

export interface ReplayReport {
  /** The number of events that were ignored before and are applied now. */
  readonly appliedEvents: number
  readonly customers: number
  /** The number of memberships and gifts that were corrected. */
  readonly changes: number
  readonly pending: ReadonlyMap<string, string>
}

interface ReplayOptions {
  readonly graceMilliseconds: number
  /** Whether the secret key is of live mode. */
  readonly livemode: boolean
  /** Wall time. */
  readonly since: Date
  /** Wall time. */
  readonly wallNow: Date
  /** Business time. */
  readonly now: Date
}

/**
 * Recomputes the memberships and gifts of all customers with events since an instant, and saves the differences. Includes events that
 * were ignored, for example because of a secret key of the wrong mode, if they are not to be ignored any more.
 */
export async function replayLedger(db: Database, { since, ...options }: ReplayOptions): Promise<ReplayReport> {
  let appliedEvents = 0
  for await (const ids of ignoredEventsToApply(db, since, options.livemode)) {
    await markPending(db, ids)
    appliedEvents += ids.length
  }
  const customers = await db.$transaction((tx) => customersWithEventsSince(tx, since))
  const pending = new Map<string, string>()
  let changes = 0
  for (const customerId of customers) {
    const applied = await db.$transaction((tx) =>
      applyCustomer(tx, customerId, { ...options, cause: 'billing:replay' }),
    )
    changes += applied.changes
    for (const [id, note] of applied.pending) pending.set(id, note)
  }
  return { appliedEvents, customers: customers.length, changes, pending }
}
