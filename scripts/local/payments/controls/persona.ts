import { makeCustomer } from '../objects/customer.ts'
import { missing, refused } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { periodsOf, putInvoice } from './persona-invoices.ts'
import { idsFrom, putCard, putSubscription, removeEarlier, type Persona } from './persona-parts.ts'

/**
 * Creates a customer with a card, a subscription and its invoices, without events, as if they had existed before. Replaces objects
 * with the same ids. The ids of the created objects depend only on the id of the subscription.
 */
export function putPersona(provider: Provider, persona: Persona): Subscription {
  return provider.store.transact(() => {
    provider.silent = true
    try {
      return put(provider, persona)
    } finally {
      provider.silent = false
    }
  })
}

function put(provider: Provider, given: Persona): Subscription {
  const { store, clock } = provider
  // A period that was counted back from its end may begin a day before the start.
  const persona = { ...given, startedAt: Math.min(given.startedAt, given.periodStart) }
  const price = store.get('price', persona.priceId)
  if (!price?.recurring) throw missing('recurring price', persona.priceId, 'priceId', 400)
  if (persona.periodStart >= persona.periodEnd) throw refused('periodStart must be before periodEnd.', 'periodStart')
  removeEarlier(provider, persona)
  const customer = store.get('customer', persona.customerId)
  const made = makeCustomer({
    id: persona.customerId,
    email: persona.email,
    name: persona.name,
    created: persona.startedAt,
  })
  const ids = idsFrom(persona.subscriptionId)
  const method = putCard(provider, persona, ids('pm', 'card'))
  store.remove('deletedCustomer', persona.customerId)
  store.put('customer', {
    ...(customer ?? made),
    email: persona.email,
    name: persona.name,
    currency: price.currency,
    invoice_prefix: ids('p', 'prefix').slice(2, 10).toUpperCase(),
    invoice_settings: { ...made.invoice_settings, default_payment_method: method },
    next_invoice_sequence: 1,
    balance: 0,
  })
  const subscription = putSubscription(provider, persona, price, method, ids('si', 'item'))
  const periods = periodsOf(persona, price)
  for (const [index, period] of periods.entries()) {
    const isLast = index === periods.length - 1
    const isOpen = isLast && persona.status === 'past_due'
    clock.at(period.start, () =>
      putInvoice(provider, subscription, period, index, isOpen, (kind) => ids(kind, String(period.start))),
    )
  }
  return store.need('subscription', subscription.id)
}
