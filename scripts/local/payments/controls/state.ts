import { nextDue } from '../billing/due.ts'
import type { Provider } from '../state/provider.ts'
import { clockState } from './move-clock.ts'

/** The number of events that are shown. */
const maxEvents = 50

/** Returns the contents of the overview page as data. */
export function stateOf(provider: Provider) {
  const { store } = provider
  const due = nextDue(provider)
  const events = store.all('event').slice(-maxEvents).reverse()
  return {
    ...clockState(provider),
    nextDue: due ? { at: new Date(due.at * 1000).toISOString(), what: due.what } : null,
    webhooksPaused: provider.webhooksPaused,
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
        .map(({ state, attempts }) => ({ state, attempts })),
    })),
  }
}
