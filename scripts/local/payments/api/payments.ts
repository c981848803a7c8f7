import { z } from 'zod'
import { cardByToken, judge, keepCard } from '../billing/cards.ts'
import { declined, refused } from '../problem.ts'
import { change, tell } from '../state/world.ts'
import { find, need, pageOf } from './lists.ts'
import { paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const paymentRoutes: readonly Route[] = [
  route('GET', 'payment_intents', { ...paging, customer: text.optional() }, ({ world, params }) =>
    pageOf(
      world,
      'payment_intent',
      params,
      'payment_intents',
      (one) => !params.customer || one.customer === params.customer,
    ),
  ),
  route('GET', 'payment_intents/:id', { client_secret: text.optional() }, ({ world, id }) =>
    find(world, 'payment_intent', id, 'payment_intent'),
  ),
  route(
    'GET',
    'charges',
    { ...paging, customer: text.optional(), payment_intent: text.optional() },
    ({ world, params }) =>
      pageOf(
        world,
        'charge',
        params,
        'charges',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.payment_intent || one.payment_intent === params.payment_intent),
      ),
  ),
  route('GET', 'charges/:id', {}, ({ world, id }) => find(world, 'charge', id, 'charge')),
  route(
    'GET',
    'payment_methods',
    { ...paging, customer: text.optional(), type: z.literal('card').optional() },
    ({ world, params }) =>
      pageOf(
        world,
        'payment_method',
        params,
        'payment_methods',
        (one) => one.customer !== null && one.customer === params.customer,
      ),
  ),
  route('GET', 'payment_methods/:id', {}, ({ world, id }) => find(world, 'payment_method', id, 'PaymentMethod')),
  route('POST', 'payment_methods/:id/attach', { customer: text }, ({ world, params, id }) => {
    const customer = need(world, 'customer', params.customer, 'customer')
    const card = cardByToken(id)
    if (card) {
      const verdict = judge(card, false, 'present')
      if (verdict.kind === 'declined') throw declined(verdict.decline)
      const year = new Date(world.clock.now()).getUTCFullYear() + 4
      return keepCard(world, { card, expMonth: 12, expYear: year, name: null, email: null }, customer.id, false)
    }
    const method = find(world, 'payment_method', id, 'PaymentMethod')
    if (method.customer !== null && method.customer !== customer.id) {
      throw refused('The payment method you provided has already been attached to a customer.')
    }
    const attached = change(world, 'payment_method', method, { customer: customer.id })
    tell(world, 'payment_method.attached', attached)
    return attached
  }),
  route('POST', 'payment_methods/:id/detach', {}, ({ world, id }) => {
    const method = find(world, 'payment_method', id, 'PaymentMethod')
    const customer = world.store.get('customer', method.customer)
    if (!customer)
      throw refused('The payment method you provided is not attached to a customer so detachment is impossible.')
    if (customer.invoice_settings.default_payment_method === id) {
      const invoice_settings = { ...customer.invoice_settings, default_payment_method: null }
      change(world, 'customer', customer, { invoice_settings }, 'customer.updated')
    }
    for (const subscription of world.store.all('subscription')) {
      if (subscription.default_payment_method !== id) continue
      change(world, 'subscription', subscription, { default_payment_method: null }, 'customer.subscription.updated')
    }
    const detached = change(world, 'payment_method', method, { customer: null })
    tell(world, 'payment_method.detached', detached, { customer: customer.id })
    return detached
  }),
]
