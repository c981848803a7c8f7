import { isDeepStrictEqual } from 'node:util'
import type { PaymentSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import { eventId } from './ids.ts'
import type { Store, TableName, Tables } from './store.ts'

export const apiVersion = '2026-10-28.endive'

/** The whole state of the local payment provider. Passed to every function that reads or changes it. */
export interface Provider {
  readonly settings: PaymentSettings
  readonly store: Store
  readonly clock: Clock
  /** The origin of the hosted pages, without a trailing slash. */
  readonly origin: string
  /** Number of events so far. */
  sequence: number
  /** The request that is being answered. Events carry it. */
  request: { id: string | null; idempotency_key: string | null }
  /** Whether no events are emitted, as while the objects of a persona are created. */
  silent: boolean
  webhooksPaused: boolean
}

/** Adds an event to the list of events, and a delivery if the settings have a webhook address. */
export function emitEvent(provider: Provider, type: string, object: object, previous?: object): void {
  if (provider.silent) return
  const { store, clock, settings } = provider
  const isDelivered = settings.webhookUrl !== null
  const id = eventId(++provider.sequence)
  store.put('event', {
    id,
    object: 'event',
    api_version: apiVersion,
    created: clock.seconds(),
    data: previous ? { object, previous_attributes: previous } : { object },
    livemode: false,
    pending_webhooks: isDelivered ? 1 : 0,
    request: provider.request,
    type,
  })
  if (isDelivered) store.put('delivery', { id, event: id, state: 'pending', attempts: [], nextAttemptAt: 0 })
}

/** Changes the stored object, even if the caller has an older copy, and emits an event if a value differs. */
export function change<T extends TableName>(
  provider: Provider,
  table: T,
  { id }: { readonly id: string },
  changes: Partial<Tables[T]>,
  type?: string,
): Tables[T] {
  const before = provider.store.need(table, id)
  const after = provider.store.put(table, { ...before, ...changes })
  const previous = previousAttributes(before, after)
  if (type && Object.keys(previous).length > 0) emitEvent(provider, type, after, previous)
  return after
}

/** Returns the previous values of changed keys, as in an event's `previous_attributes`: objects by key, lists as a whole. */
function previousAttributes(before: object, after: object): Record<string, unknown> {
  const previous: Record<string, unknown> = {}
  const now = after as Record<string, unknown>
  for (const [key, old] of Object.entries(before)) {
    const current = now[key]
    if (isDeepStrictEqual(old, current)) continue
    previous[key] = isPlain(old) && isPlain(current) ? previousAttributes(old, current) : old
  }
  for (const key of Object.keys(now)) if (!(key in before)) previous[key] = null
  return previous
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('object' in value)
