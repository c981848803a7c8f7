import { nextDue } from '../billing/due.ts'
import type { World } from '../state/world.ts'
import { clockState } from './move.ts'

/** How many of the last events are shown. */
const mostEvents = 50

/** What the overview shows, as data. */
export function stateOf(world: World) {
  const { store } = world
  const due = nextDue(world)
  const events = store.all('event').slice(-mostEvents).reverse()
  return {
    ...clockState(world),
    nextDue: due ? { at: new Date(due.at * 1000).toISOString(), what: due.what } : null,
    webhooksPaused: world.webhooksPaused,
    customers: store.all('customer'),
    subscriptions: store.all('subscription'),
    invoices: store.all('invoice'),
    charges: store.all('charge'),
    disputes: store.all('dispute'),
    events: events.map((event) => ({
      ...event,
      deliveries: store
        .all('delivery')
        .filter((one) => one.event === event.id)
        .map(({ endpoint, state, attempts }) => ({ endpoint, state, attempts })),
    })),
  }
}
