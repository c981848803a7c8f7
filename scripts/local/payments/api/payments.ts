import { z } from 'zod'
import { cardByToken, judge, keepCard } from '../billing/cards.ts'
import { declined, refused } from '../problem.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, need, pageOf } from './lists.ts'
import { paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const paymentRoutes: readonly Route[] = [
  route('GET', 'payment_intents', { ...paging, customer: text.optional() }, ({ provider, params }) =>
    pageOf(
      provider,
      'payment_intent',
      params,
      'payment_intents',
      (one) => !params.customer || one.customer === params.customer,
    ),
  ),
  route('GET', 'payment_intents/:id', { client_secret: text.optional() }, ({ provider, id }) =>
    find(provider, 'payment_intent', id, 'payment_intent'),
  ),
  route(
    'GET',
    'charges',
    { ...paging, customer: text.optional(), payment_intent: text.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'charge',
        params,
        'charges',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.payment_intent || one.payment_intent === params.payment_intent),
      ),
  ),
  route('GET', 'charges/:id', {}, ({ provider, id }) => find(provider, 'charge', id, 'charge')),
  route(
    'GET',
    'payment_methods',
    { ...paging, customer: text.optional(), type: z.literal('card').optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'payment_method',
        params,
        'payment_methods',
        (one) => one.customer !== null && one.customer === params.customer,
      ),
  ),
  route('GET', 'payment_methods/:id', {}, ({ provider, id }) => find(provider, 'payment_method', id, 'PaymentMethod')),
  route('POST', 'payment_methods/:id/attach', { customer: text }, ({ provider, params, id }) => {
    const customer = need(provider, 'customer', params.customer, 'customer')
    const card = cardByToken(id)
    if (card) {
      const verdict = judge(card, false, 'present')
      if (verdict.kind === 'declined') throw declined(verdict.decline)
      const year = new Date(provider.clock.now()).getUTCFullYear() + 4
      return keepCard(provider, { card, expMonth: 12, expYear: year, name: null, email: null }, customer.id, false)
    }
    const method = find(provider, 'payment_method', id, 'PaymentMethod')
    if (method.customer !== null && method.customer !== customer.id) {
      throw refused('The payment method you provided has already been attached to a customer.')
    }
    const attached = change(provider, 'payment_method', method, { customer: customer.id })
    emitEvent(provider, 'payment_method.attached', attached)
    return attached
  }),
  route('POST', 'payment_methods/:id/detach', {}, ({ provider, id }) => {
    const method = find(provider, 'payment_method', id, 'PaymentMethod')
    const customer = provider.store.get('customer', method.customer)
    if (!customer)
      throw refused('The payment method you provided is not attached to a customer so detachment is impossible.')
    if (customer.invoice_settings.default_payment_method === id) {
      const invoice_settings = { ...customer.invoice_settings, default_payment_method: null }
      change(provider, 'customer', customer, { invoice_settings }, 'customer.updated')
    }
    for (const subscription of provider.store.all('subscription')) {
      if (subscription.default_payment_method !== id) continue
      change(provider, 'subscription', subscription, { default_payment_method: null }, 'customer.subscription.updated')
    }
    const detached = change(provider, 'payment_method', method, { customer: null })
    emitEvent(provider, 'payment_method.detached', detached, { customer: customer.id })
    return detached
  }),
]
