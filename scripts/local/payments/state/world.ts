import type { PaymentSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import { previousAttributes } from './difference.ts'
import { eventId } from './ids.ts'
import type { Store, TableName, Tables } from './store.ts'

export const apiVersion = '2026-10-28.endive'

/** The configured address of webhooks, beside those made over the API. */
export const configuredEndpoint = 'configured'

/** Everything there is, passed to whoever works on it. */
export interface World {
  readonly settings: PaymentSettings
  readonly store: Store
  readonly clock: Clock
  /** Where browsers find the pages, without a final slash. */
  readonly origin: string
  /** How many events there were. */
  sequence: number
  /** Of the request that is being answered; events say it. */
  request: { id: string | null; idempotency_key: string | null }
  /** Nothing is told: a persona is put in place as if it had always been there. */
  silent: boolean
  webhooksPaused: boolean
}

/** Tells that something happened, to the list of events and to everyone who listens for it. */
export function tell(world: World, type: string, object: object, previous?: object): void {
  if (world.silent) return
  const { store, clock } = world
  const endpoints = endpointsFor(world, type)
  const id = eventId(++world.sequence)
  store.put('event', {
    id,
    object: 'event',
    api_version: apiVersion,
    created: clock.seconds(),
    data: previous ? { object, previous_attributes: previous } : { object },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: world.request,
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

/** Changes an object as it is now kept, whatever older copy the caller holds, and tells it if anything differs. */
export function change<T extends TableName>(
  world: World,
  table: T,
  { id }: { readonly id: string },
  changes: Partial<Tables[T]>,
  type?: string,
): Tables[T] {
  const before = world.store.need(table, id)
  const after = world.store.put(table, { ...before, ...changes })
  const previous = previousAttributes(before, after)
  if (type && Object.keys(previous).length > 0) tell(world, type, after, previous)
  return after
}

function endpointsFor({ settings, store }: World, type: string): string[] {
  const made = store
    .all('webhook_endpoint')
    .filter((one) => one.status === 'enabled')
    .filter((one) => one.enabled_events.includes('*') || one.enabled_events.includes(type))
    .map((one) => one.id)
  return settings.webhookUrl === null ? made : [configuredEndpoint, ...made]
}
