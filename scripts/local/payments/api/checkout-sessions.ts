import { expireSession } from '../billing/checkout.ts'
import { refused } from '../problem.ts'
import { find, pageOf } from './lists.ts'
import { createSession, createShape } from './new-session.ts'
import { oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const checkoutRoutes: readonly Route[] = [
  route('POST', 'checkout/sessions', createShape, ({ provider, params }) => createSession(provider, params)),
  route(
    'GET',
    'checkout/sessions',
    {
      ...paging,
      customer: text.optional(),
      subscription: text.optional(),
      payment_intent: text.optional(),
      status: oneOf('open', 'complete', 'expired').optional(),
    },
    ({ provider, params }) =>
      pageOf(
        provider,
        'checkout.session',
        params,
        'checkout/sessions',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.subscription || one.subscription === params.subscription) &&
          (!params.payment_intent || one.payment_intent === params.payment_intent) &&
          (!params.status || one.status === params.status),
      ),
  ),
  route('GET', 'checkout/sessions/:id', {}, ({ provider, id }) =>
    find(provider, 'checkout.session', id, 'checkout session'),
  ),
  route('GET', 'checkout/sessions/:id/line_items', paging, ({ provider, id }) => {
    find(provider, 'checkout.session', id, 'checkout session')
    const data = provider.store.need('checkoutNote', id).lineItems
    return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` }
  }),
  route('POST', 'checkout/sessions/:id/expire', {}, ({ provider, id }) => {
    const session = find(provider, 'checkout.session', id, 'checkout session')
    if (session.status !== 'open') {
      throw refused(
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ' +
          String(session.status) +
          '.',
      )
    }
    return expireSession(provider, session)
  }),
]
