import { closeDispute, refundCharge } from '../billing/money-back.ts'
import { refused } from '../problem.ts'
import { find, named, need, pageOf } from './lists.ts'
import { integer, metadata, newMetadata, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const moneyBackRoutes: readonly Route[] = [
  route(
    'POST',
    'refunds',
    {
      charge: text.optional(),
      payment_intent: text.optional(),
      amount: integer.optional(),
      reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer').optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params }) => {
      const intent = named(provider, 'payment_intent', params.payment_intent, 'payment_intent')
      const id = params.charge ?? intent?.latest_charge
      if (id == null)
        throw refused('One of the following params should be provided for this request: payment_intent or charge.')
      const charge = need(provider, 'charge', id, 'charge')
      const { amount, reason } = params
      return refundCharge(provider, charge, { amount, reason: reason ?? null, metadata: newMetadata(params.metadata) })
    },
  ),
  route(
    'GET',
    'refunds',
    { ...paging, charge: text.optional(), payment_intent: text.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'refund',
        params,
        'refunds',
        (one) =>
          (!params.charge || one.charge === params.charge) &&
          (!params.payment_intent || one.payment_intent === params.payment_intent),
      ),
  ),
  route('GET', 'refunds/:id', {}, ({ provider, id }) => find(provider, 'refund', id, 'refund')),
  route(
    'GET',
    'disputes',
    { ...paging, charge: text.optional(), payment_intent: text.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'dispute',
        params,
        'disputes',
        (one) =>
          (!params.charge || one.charge === params.charge) &&
          (!params.payment_intent || one.payment_intent === params.payment_intent),
      ),
  ),
  route('GET', 'disputes/:id', {}, ({ provider, id }) => find(provider, 'dispute', id, 'dispute')),
  route('POST', 'disputes/:id/close', {}, ({ provider, id }) =>
    closeDispute(provider, find(provider, 'dispute', id, 'dispute'), 'lost'),
  ),
]
