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
  route('POST', 'subscriptions', createShape, ({ world, params }) => createSubscription(world, params)),
  route(
    'GET',
    'subscriptions',
    { ...paging, customer: text.optional(), price: text.optional(), status: text.optional() },
    ({ world, params }) =>
      pageOf(
        world,
        'subscription',
        params,
        'subscriptions',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.price || itemOf(one).price.id === params.price) &&
          hasStatus(one, params.status),
      ),
  ),
  route('GET', 'subscriptions/:id', {}, ({ world, id }) => find(world, 'subscription', id, 'subscription')),
  route('POST', 'subscriptions/:id', updateShape, ({ world, params, id }) => {
    const subscription = find(world, 'subscription', id, 'subscription')
    return updateSubscription(world, subscription, updateOf(world, subscription, params))
  }),
  route(
    'DELETE',
    'subscriptions/:id',
    { cancellation_details: cancellationDetails.optional(), invoice_now: flag.optional(), prorate: flag.optional() },
    ({ world, params, id }) => {
      const subscription = find(world, 'subscription', id, 'subscription')
      if (subscription.status === 'canceled') throw refused(`No such subscription: '${id}'`, 'id', 'resource_missing')
      return endSubscription(world, subscription, 'cancellation_requested', detailsOf(params.cancellation_details))
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
    ({ world, id }) => {
      const subscription = find(world, 'subscription', id, 'subscription')
      if (subscription.status !== 'paused') throw refused('Only a paused subscription can be resumed.')
      resumePaused(world, subscription)
      return world.store.need('subscription', id)
    },
  ),
  route('GET', 'subscription_items', { ...paging, subscription: text }, ({ world, params }) => {
    const { items } = need(world, 'subscription', params.subscription, 'subscription')
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
