import type { Database } from '../../db/index.ts'
import { applyCustomer, recordBytes, recordEvent } from './apply-customer.ts'
import { reasonToIgnore, type IgnoreCause, type LedgerEntry } from './ledger-entry.ts'
import { findCustomer } from './queries.ts'
import { readDelivery, type Delivery } from './delivery/read-delivery.ts'

/** The outcome of a received event. */
export interface Receipt {
  readonly outcome: 'applied' | 'pending' | 'ignored' | 'duplicate'
  /** Why the event is pending or ignored, for people. */
  readonly note: string | null
  /** Why the event is ignored, or null if it is not. */
  readonly ignored: IgnoreCause | null
  /** The number of waiting provider tasks of the customer. */
  readonly tasks: number
}

interface ReceiveOptions {
  readonly graceMilliseconds: number
  /** Whether the secret key is of live mode. */
  readonly livemode: boolean
  /** Wall time, for the ledger. */
  readonly receivedAt: Date
  /** Business time, for memberships. */
  readonly now: Date
}

/** Both limits together stay under the 5 seconds that the provider waits for a response. */
const transactionLimits = { maxWait: 1_500, timeout: 3_000 }

/**
 * Receives a delivery of the provider. Stores the event, its changes and the provider tasks in one transaction, so that an event is
 * applied exactly once despite repeated deliveries and crashes.
 *
 * @throws the errors of the database. Then nothing is stored, and the provider sends the event again
 */
export async function receiveDelivery(db: Database, delivery: Delivery, options: ReceiveOptions): Promise<Receipt> {
  if (delivery.kind === 'event') return receiveEntry(db, delivery.entry, options)
  const isNew = await recordBytes(db, delivery.event, options.receivedAt)
  return isNew ? receipt('pending', delivery.event.note) : receipt('duplicate')
}

/** Receives an event that was fetched from the provider, or the observation of a comparison. @throws NotAnEvent */
export async function receiveEvent(db: Database, payload: unknown, options: ReceiveOptions): Promise<Receipt> {
  return receiveDelivery(db, readDelivery(Buffer.from(JSON.stringify(payload))), options)
}

async function receiveEntry(db: Database, entry: LedgerEntry, options: ReceiveOptions): Promise<Receipt> {
  const { graceMilliseconds, livemode, receivedAt, now } = options
  return db.$transaction(async (tx): Promise<Receipt> => {
    const ignored = reasonToIgnore(entry, livemode)
    if (!(await recordEvent(tx, entry, ignored, receivedAt))) return receipt('duplicate')
    if (ignored !== null) return { ...receipt('ignored', ignored.note), ignored: ignored.cause }
    const customerId = entry.customerId ?? (await findCustomer(tx, entry))
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
