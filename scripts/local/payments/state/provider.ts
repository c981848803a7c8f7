import type { PaymentSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import { previousAttributes } from './difference.ts'
import { eventId } from './ids.ts'
import type { Store, TableName, Tables } from './store.ts'

export const apiVersion = '2026-10-28.endive'

/** The id of the webhook endpoint that the settings configure. Others are created over the API. */
export const configuredEndpoint = 'configured'

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
  /** Emits no events, while the objects of a persona are created. */
  silent: boolean
  webhooksPaused: boolean
}

/** Adds an event to the list of events, and a delivery for each webhook endpoint that listens for its type. */
export function emitEvent(provider: Provider, type: string, object: object, previous?: object): void {
  if (provider.silent) return
  const { store, clock } = provider
  const endpoints = endpointsFor(provider, type)
  const id = eventId(++provider.sequence)
  store.put('event', {
    id,
    object: 'event',
    api_version: apiVersion,
    created: clock.seconds(),
    data: previous ? { object, previous_attributes: previous } : { object },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: provider.request,
    type,
  })
  for (const endpoint of endpoints) {
    store.put('delivery', {
      id: `${id}:${endpoint}`,
      event: id,
      endpoint,
      state: 'pending',
      attempts: [],
      nextAttemptAt: 0,
    })
  }
}

/** Changes the stored object, whatever older copy the caller holds, and emits an event if a value differs. */
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

function endpointsFor({ settings, store }: Provider, type: string): string[] {
  const made = store
    .all('webhook_endpoint')
    .filter((one) => one.status === 'enabled')
    .filter((one) => one.enabled_events.includes('*') || one.enabled_events.includes(type))
    .map((one) => one.id)
  return settings.webhookUrl === null ? made : [configuredEndpoint, ...made]
}
