import { cardByToken, judge, keepCard } from '../billing/cards.ts'
import { refundCharge } from '../billing/money-back.ts'
import { declined, missing, refused } from '../problem.ts'
import { need, pageOf } from './lists.ts'
import { integer, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const paymentRoutes: readonly Route[] = [
  route('POST', 'payment_methods/:id/attach', { customer: text }, ({ provider, params, id }) => {
    const customer = need(provider, 'customer', params.customer, 'customer')
    const card = cardByToken(id)
    if (!card) throw missing('PaymentMethod', id)
    const verdict = judge(card, false, 'present')
    if (verdict.kind === 'declined') throw declined(verdict.decline)
    const expYear = new Date(provider.clock.now()).getUTCFullYear() + 4
    return keepCard(provider, { card, expMonth: 12, expYear, name: null }, customer.id, false)
  }),
  route('GET', 'charges', { ...paging, customer: text.optional() }, ({ provider, params }) =>
    pageOf(provider, 'charge', params, 'charges', ({ customer }) => !params.customer || customer === params.customer),
  ),
  route(
    'POST',
    'refunds',
    { charge: text.optional(), payment_intent: text.optional(), amount: integer.optional() },
    ({ provider, params: { charge, payment_intent: intent, amount } }) => {
      const id = charge ?? (intent && need(provider, 'payment_intent', intent, 'payment_intent').latest_charge)
      if (!id)
        throw refused('One of the following params should be provided for this request: payment_intent or charge.')
      return refundCharge(provider, need(provider, 'charge', id, 'charge'), amount)
    },
  ),
  route('GET', 'disputes', paging, ({ provider, params }) => pageOf(provider, 'dispute', params, 'disputes')),
]
