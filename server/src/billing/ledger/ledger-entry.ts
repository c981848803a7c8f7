import { z } from 'zod'
import { isObject, asObject, type JsonObject } from '../../lib/json.ts'
import { apiVersion } from '../provider/client.ts'
import { reference, seconds } from '../provider/values.ts'
import { isEffective, parseProviderObject, type ProviderObject } from './provider-objects.ts'

/** A parsed event of the ledger, with the ids that link it to other events. */
export interface LedgerEntry {
  readonly id: string
  readonly type: string
  readonly apiVersion: string | null
  /** Null if the event does not say. */
  readonly livemode: boolean | null
  /** The other account that the event belongs to, or null for the account of the secret key. */
  readonly account: string | null
  readonly isThin: boolean
  /** Business time at the provider, whole seconds. */
  readonly occurredAt: Date
  readonly customerId: string | null
  readonly invoiceId: string | null
  readonly paymentIntentId: string | null
  /** The id of the event's object. */
  readonly objectId: string | null
  readonly status: string | null
  /** The parsed object, or a description of the fault if it is malformed. */
  readonly object: ProviderObject | string
  /** The object and its previous attributes, not parsed. Used only to find the later of two snapshots. */
  readonly snapshot: JsonObject
  readonly previous: JsonObject | null
  /** The whole event. */
  readonly payload: JsonObject
}

/** A payload without an id or a type. It cannot be stored. */
export class NotAnEvent extends Error {}

const text = z.string().min(1).max(255)
const nullable = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .catch(null)
    .transform((value) => value ?? null)
/** The time of a thin event (v2) is a string. */
const date = z
  .string()
  .max(40)
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()))
const loose = z.custom<JsonObject>((value) => isObject(value))

const envelope = z.object({
  id: z.string().min(1),
  object: nullable(text),
  type: z.string().min(1),
  created: nullable(z.union([seconds, date])),
  api_version: nullable(text),
  livemode: nullable(z.boolean()),
  // Any value here means another account, even a malformed one.
  account: z.unknown().optional(),
  context: z.unknown().optional(),
  data: nullable(z.object({ object: nullable(loose), previous_attributes: nullable(loose) })),
})

const links = z.object({
  object: nullable(text),
  id: nullable(text),
  status: nullable(text),
  customer: nullable(reference),
  invoice: nullable(reference),
  payment_intent: nullable(reference),
  payment: nullable(z.object({ payment_intent: nullable(reference) })),
})

/** Parses the envelope of an event. @throws NotAnEvent without an id and a type */
export function readEnvelope(payload: unknown): z.output<typeof envelope> {
  const parsed = envelope.safeParse(payload)
  if (parsed.success) return parsed.data
  throw new NotAnEvent('no id or type')
}

/**
 * Parses an event: its envelope, its links and its object. Nothing else reads a payload.
 *
 * @throws NotAnEvent without an id, a type and a time
 */
export function ledgerEntry(payload: unknown): LedgerEntry {
  const event = readEnvelope(payload)
  const whole = asObject(payload)
  if (whole === null || event.created === null) throw new NotAnEvent('no time')
  const snapshot = event.data?.object ?? {}
  const tied = links.parse(snapshot)
  const kind = tied.object
  return {
    id: event.id,
    type: event.type,
    apiVersion: event.api_version,
    livemode: event.livemode,
    account: accountOf(event.account) ?? accountOf(event.context),
    isThin: event.object === 'v2.core.event',
    occurredAt: event.created,
    customerId: kind === 'customer' ? tied.id : tied.customer,
    invoiceId: kind === 'invoice' ? tied.id : tied.invoice,
    paymentIntentId:
      kind === 'payment_intent' ? tied.id : (tied.payment_intent ?? tied.payment?.payment_intent ?? null),
    objectId: tied.id,
    status: tied.status,
    object: parseProviderObject(event.type, snapshot),
    snapshot,
    previous: event.data?.previous_attributes ?? null,
    payload: whole,
  }
}

/**
 * Returns the account that an event names, or null. Only events of connected accounts (`account`) and of organizations
 * (`context`) do.
 */
function accountOf(named: unknown): string | null {
  if (named === undefined || named === null) return null
  return text.safeParse(named).data ?? 'without a name'
}

export type IgnoreCause = 'thin' | 'kind' | 'version' | 'mode' | 'account'

/** Why an event is stored but not applied. */
export interface Ignored {
  readonly cause: IgnoreCause
  readonly note: string
}

/**
 * Decides whether an event is stored but not applied.
 *
 * @param livemode whether the secret key is of live mode. Events of the other mode are ignored
 * @returns null for an event that is to be applied
 */
export function reasonToIgnore(entry: LedgerEntry, livemode: boolean): Ignored | null {
  if (entry.account !== null) return { cause: 'account', note: `of another account: ${entry.account}` }
  // Observations of comparisons were read with the secret key, so they have its mode.
  const mode = entry.livemode ?? (entry.type.startsWith('gatepost.') ? livemode : null)
  if (!entry.isThin && mode !== livemode)
    return { cause: 'mode', note: `of ${modeName(mode)}, not of ${modeName(livemode)}` }
  if (entry.isThin) return { cause: 'thin', note: 'a thin event' }
  if (!isEffective(entry.type)) return { cause: 'kind', note: 'of a type that changes nothing' }
  if (entry.apiVersion !== apiVersion) {
    return { cause: 'version', note: `of API version ${entry.apiVersion}, not ${apiVersion}` }
  }
  return null
}

const modeName = (livemode: boolean | null): string =>
  livemode === null ? 'no mode' : livemode ? 'live mode' : 'test mode'
