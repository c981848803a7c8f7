import type { Database } from '../../db/index.ts'
import { applyCustomer, recordEvent } from './commands.ts'
import { ledgerEntry, reasonToIgnore, type LedgerEntry } from './ledger-entry.ts'
import { customerBehind } from './queries.ts'

/** What became of an event that came in. */
export interface Receipt {
  readonly outcome: 'applied' | 'pending' | 'ignored' | 'duplicate'
  /** Why it waits or is not read. */
  readonly note: string | null
  /** Subscriptions to cancel at the provider, because their payment was taken back. */
  readonly toBeCancelled: readonly string[]
}

export interface ReceiveOptions {
  readonly graceMilliseconds: number
  /** Wall time, for the ledger. */
  readonly receivedAt: Date
  /** Business time, for what is held. */
  readonly now: Date
}

/** Both waits together stay under the 5 seconds in which the provider wants its answer. */
const transactionLimits = { maxWait: 1_500, timeout: 3_000 }

/**
 * Takes in an event of the provider: the line in the ledger and what it changes are one transaction, so that it counts once
 * however often it comes and whenever we are killed.
 *
 * @param payload the event as it was sent, its signature checked
 * @throws NotAnEvent; whatever the database throws: then nothing is stored and the provider sends it again
 */
export async function receiveEvent(db: Database, payload: unknown, options: ReceiveOptions): Promise<Receipt> {
  const entry = ledgerEntry(payload)
  return db.$transaction(async (tx): Promise<Receipt> => {
    if (!(await recordEvent(tx, entry, options.receivedAt))) return receipt('duplicate')
    const ignored = reasonToIgnore(entry)
    if (ignored !== null) return receipt('ignored', ignored)
    const customerId = entry.customerId ?? (await customerBehind(tx, entry))
    if (customerId === null) return receipt('pending', 'it names nobody, and nothing that is known of anybody')
    const { pending, toBeCancelled } = await applyCustomer(tx, customerId, {
      graceMilliseconds: options.graceMilliseconds,
      cause: causeOf(entry),
      now: options.now,
    })
    const note = pending.get(entry.id)
    return { ...receipt(note === undefined ? 'applied' : 'pending', note), toBeCancelled }
  }, transactionLimits)
}

const receipt = (outcome: Receipt['outcome'], note: string | null = null): Receipt => ({
  outcome,
  note,
  toBeCancelled: [],
})

const causeOf = ({ type, id }: LedgerEntry): string => `payment provider: ${type} (${id})`
