import type { Database } from '../../db/index.ts'
import { applyCustomer, recordBytes, recordEvent } from './apply-customer.ts'
import { reasonToIgnore, type IgnoreCause, type LedgerEntry } from './ledger-entry.ts'
import { customerBehind } from './queries.ts'
import { readDelivery, type Delivery } from './delivery/read-delivery.ts'

/** What became of an event that came in. */
export interface Receipt {
  readonly outcome: 'applied' | 'pending' | 'ignored' | 'duplicate'
  /** Why it waits or is not read. */
  readonly note: string | null
  /** Why it is not read; null: it is. */
  readonly ignored: IgnoreCause | null
  /** How many calls to the provider wait to be made for this customer. */
  readonly tasks: number
}

export interface ReceiveOptions {
  readonly graceMilliseconds: number
  /** Whether our key is of live mode. */
  readonly livemode: boolean
  /** Wall time, for the ledger. */
  readonly receivedAt: Date
  /** Business time, for what is held. */
  readonly now: Date
}

/** Both waits together stay under the 5 seconds in which the provider wants its answer. */
const transactionLimits = { maxWait: 1_500, timeout: 3_000 }

/**
 * Takes in a delivery of the provider: the line in the ledger, what it changes and what is to be done at the provider are one
 * transaction, so that an event counts once however often it comes and whenever we are killed.
 *
 * @throws whatever the database throws: then nothing is stored and the provider sends it again
 */
export async function receiveDelivery(db: Database, delivery: Delivery, options: ReceiveOptions): Promise<Receipt> {
  if (delivery.kind === 'event') return receiveEntry(db, delivery.entry, options)
  const isNew = await recordBytes(db, delivery.event, options.receivedAt)
  return isNew ? receipt('pending', delivery.event.note) : receipt('duplicate')
}

/** Takes in an event that was fetched from the provider, or that we made of what we saw there. @throws NotAnEvent, likewise */
export async function receiveEvent(db: Database, payload: unknown, options: ReceiveOptions): Promise<Receipt> {
  return receiveDelivery(db, readDelivery(Buffer.from(JSON.stringify(payload))), options)
}

async function receiveEntry(db: Database, entry: LedgerEntry, options: ReceiveOptions): Promise<Receipt> {
  const { graceMilliseconds, livemode, receivedAt, now } = options
  return db.$transaction(async (tx): Promise<Receipt> => {
    const ignored = reasonToIgnore(entry, livemode)
    if (!(await recordEvent(tx, entry, ignored, receivedAt))) return receipt('duplicate')
    if (ignored !== null) return { ...receipt('ignored', ignored.note), ignored: ignored.cause }
    const customerId = entry.customerId ?? (await customerBehind(tx, entry))
    if (customerId === null)
      return receipt('pending', 'the event names no customer, and no invoice or payment of a known customer')
    const cause = causeOf(entry)
    const { pending, tasks } = await applyCustomer(tx, customerId, {
      graceMilliseconds,
      livemode,
      cause,
      now,
      wallNow: receivedAt,
    })
    const note = pending.get(entry.id)
    return { ...receipt(note === undefined ? 'applied' : 'pending', note), tasks }
  }, transactionLimits)
}

const receipt = (outcome: Receipt['outcome'], note: string | null = null): Receipt => ({
  outcome,
  note,
  ignored: null,
  tasks: 0,
})

const causeOf = ({ type, id }: LedgerEntry): string => `payment provider: ${type} (${id})`
