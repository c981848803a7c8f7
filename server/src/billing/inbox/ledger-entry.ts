import { apiVersion } from '../stripe.ts'

/** An event as the ledger keeps it, with what ties it to others. */
export interface LedgerEntry {
  readonly id: string
  readonly type: string
  readonly apiVersion: string | null
  /** Business time at the provider, whole seconds. */
  readonly occurredAt: Date
  readonly customerId: string | null
  readonly invoiceId: string | null
  readonly paymentIntentId: string | null
  /** The whole event. */
  readonly payload: EventPayload
}

export interface EventPayload {
  readonly data?: { readonly object?: unknown; readonly previous_attributes?: unknown }
  readonly [key: string]: unknown
}

/** What is no event at all: it cannot even be stored. */
export class NotAnEvent extends Error {}

/** An object of the provider of which nothing is taken for granted. */
export type Loose = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): Loose | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const asText = (value: unknown): string | null =>
  typeof value === 'string' && value.length > 0 && value.length <= 255 ? value : null
export const asSeconds = (value: unknown): Date | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 253_402_300_800
    ? new Date(value * 1000)
    : null
/** A reference is an id or, expanded, the object itself. */
export const asReference = (value: unknown): string | null => asText(value) ?? asText(asObject(value)?.id)

/**
 * Reads the envelope of an event, and of its object what it belongs to.
 *
 * @throws NotAnEvent without an id, a type and a time
 */
export function ledgerEntry(payload: unknown): LedgerEntry {
  const event = asObject(payload)
  const id = asText(event?.id)
  const type = asText(event?.type)
  // A thin event (v2) has its time as text.
  const occurredAt = asSeconds(event?.created) ?? asDate(event?.created)
  if (!event || id === null || type === null || occurredAt === null) throw new NotAnEvent('no id, type or time')
  const object = asObject(asObject(event.data)?.object) ?? {}
  const kind = asText(object.object)
  const payment = asObject(object.payment)
  return {
    id,
    type,
    apiVersion: asText(event.api_version),
    occurredAt,
    customerId: kind === 'customer' ? asText(object.id) : asReference(object.customer),
    invoiceId: kind === 'invoice' ? asText(object.id) : asReference(object.invoice),
    paymentIntentId:
      kind === 'payment_intent'
        ? asText(object.id)
        : (asReference(object.payment_intent) ?? asReference(payment?.payment_intent)),
    payload: event,
  }
}

const asDate = (value: unknown): Date | null => {
  const date = typeof value === 'string' ? new Date(value) : null
  return date && !Number.isNaN(date.getTime()) ? date : null
}

/** What changes what somebody holds; all else is kept and changes nothing. */
const effective =
  /^(customer\.subscription\.|subscription_schedule\.|invoice\.|invoice_payment\.|charge\.(refunded|dispute\.closed)$|checkout\.session\.|gatepost\.)/

/** How the reason begins when the provider speaks another version than we understand. */
export const otherVersion = 'of API version'

/** Why an event is kept without being read; null: it is read. */
export function reasonToIgnore(entry: Pick<LedgerEntry, 'type' | 'apiVersion' | 'payload'>): string | null {
  if (entry.payload.object === 'v2.core.event') return 'a thin event'
  if (!effective.test(entry.type)) return 'of a kind that changes nothing'
  if (entry.apiVersion !== apiVersion) return `${otherVersion} ${entry.apiVersion}, not ${apiVersion}`
  return null
}

export const objectOf = (entry: Pick<LedgerEntry, 'payload'>): Loose => asObject(entry.payload.data?.object) ?? {}
