import { endSubscription } from '../billing/end.ts'
import { itemOf } from '../billing/invoicing.ts'
import { resumePaused } from '../billing/renew.ts'
import { updateSubscription } from '../billing/update.ts'
import { refused } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import { find, need, pageOf } from './lists.ts'
import { createShape, createSubscription } from './new-subscription.ts'
import { flag, ignored, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'
import { cancellationDetails, detailsOf, prorationBehavior } from './subscription-shapes.ts'
import { updateOf, updateShape } from './subscription-update.ts'

export const subscriptionRoutes: readonly Route[] = [
  route('POST', 'subscriptions', createShape, ({ provider, params }) => createSubscription(provider, params)),
  route(
    'GET',
    'subscriptions',
    { ...paging, customer: text.optional(), price: text.optional(), status: text.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'subscription',
        params,
        'subscriptions',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.price || itemOf(one).price.id === params.price) &&
          hasStatus(one, params.status),
      ),
  ),
  route('GET', 'subscriptions/:id', {}, ({ provider, id }) => find(provider, 'subscription', id, 'subscription')),
  route('POST', 'subscriptions/:id', updateShape, ({ provider, params, id }) => {
    const subscription = find(provider, 'subscription', id, 'subscription')
    return updateSubscription(provider, subscription, updateOf(provider, subscription, params))
  }),
  route(
    'DELETE',
    'subscriptions/:id',
    { cancellation_details: cancellationDetails.optional(), invoice_now: flag.optional(), prorate: flag.optional() },
    ({ provider, params, id }) => {
      const subscription = find(provider, 'subscription', id, 'subscription')
      if (subscription.status === 'canceled') throw refused(`No such subscription: '${id}'`, 'id', 'resource_missing')
      return endSubscription(provider, subscription, 'cancellation_requested', detailsOf(params.cancellation_details))
    },
  ),
  route(
    'POST',
    'subscriptions/:id/resume',
    {
      billing_cycle_anchor: ignored.optional(),
      proration_behavior: prorationBehavior.optional(),
      payment_behavior: ignored.optional(),
    },
    ({ provider, id }) => {
      const subscription = find(provider, 'subscription', id, 'subscription')
      if (subscription.status !== 'paused') throw refused('Only a paused subscription can be resumed.')
      resumePaused(provider, subscription)
      return provider.store.need('subscription', id)
    },
  ),
  route('GET', 'subscription_items', { ...paging, subscription: text }, ({ provider, params }) => {
    const { items } = need(provider, 'subscription', params.subscription, 'subscription')
    return items
  }),
]

/** Without a filter Stripe leaves out what was canceled. */
function hasStatus({ status }: Subscription, wanted: string | undefined): boolean {
  if (wanted === 'all') return true
  if (wanted === undefined) return status !== 'canceled'
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired'
  return status === wanted
}
