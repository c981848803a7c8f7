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
    { ...paging, customer: text.optional(), status: oneOf('open', 'complete', 'expired').optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'checkout.session',
        params,
        'checkout/sessions',
        (one) =>
          (!params.customer || one.customer === params.customer) && (!params.status || one.status === params.status),
      ),
  ),
  route('GET', 'checkout/sessions/:id', {}, ({ provider, id }) =>
    find(provider, 'checkout.session', id, 'checkout session'),
  ),
  route('POST', 'checkout/sessions/:id/expire', {}, ({ provider, id }) => {
    const session = find(provider, 'checkout.session', id, 'checkout session')
    if (session.status === 'open') return expireSession(provider, session)
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${String(session.status)}.`,
    )
  }),
]
