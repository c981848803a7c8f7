import { z } from 'zod'
import { endSubscription } from '../billing/subscriptions/end.ts'
import { itemOf } from '../billing/invoices/invoicing.ts'
import { subscribe } from '../billing/subscriptions/subscribe.ts'
import { updateSubscription, type SubscriptionUpdate } from '../billing/subscriptions/update.ts'
import { refused } from '../problem.ts'
import type { Price, Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { find, named, need, pageOf } from './lists.ts'
import { flag, instant, list, paging, prorationBehavior, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const createShape = {
  customer: text,
  items: list(z.strictObject({ price: text })),
  default_payment_method: text,
}

const updateShape = {
  items: list(z.strictObject({ id: text, price: text })).optional(),
  proration_behavior: prorationBehavior.optional(),
  payment_behavior: z.literal('error_if_incomplete').optional(),
  cancel_at_period_end: flag.optional(),
  /** Empty: the subscription does not end. */
  cancel_at: z.union([z.literal(''), instant]).optional(),
  trial_end: z.union([z.literal('now'), instant]).optional(),
  default_payment_method: text.optional(),
}

export const subscriptionRoutes: readonly Route[] = [
  route('POST', 'subscriptions', createShape, ({ provider, params }) => create(provider, params)),
  route(
    'GET',
    'subscriptions',
    { ...paging, customer: text.optional(), status: z.literal('all').optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'subscription',
        params,
        'subscriptions',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          // As with Stripe, canceled ones are listed on request only.
          (params.status === 'all' || one.status !== 'canceled'),
      ),
  ),
  route('GET', 'subscriptions/:id', {}, ({ provider, id }) => find(provider, 'subscription', id, 'subscription')),
  route('POST', 'subscriptions/:id', updateShape, ({ provider, params, id }) => {
    const subscription = find(provider, 'subscription', id, 'subscription')
    return updateSubscription(provider, subscription, updateOf(provider, subscription, params))
  }),
  route('DELETE', 'subscriptions/:id', {}, ({ provider, id }) => {
    const subscription = find(provider, 'subscription', id, 'subscription')
    if (subscription.status === 'canceled') throw refused(`No such subscription: '${id}'`, 'id', 'resource_missing')
    return endSubscription(provider, subscription, 'cancellation_requested')
  }),
]

function create(provider: Provider, params: z.output<z.ZodObject<typeof createShape>>): Subscription {
  const customer = need(provider, 'customer', params.customer, 'customer')
  const [item, ...others] = params.items
  if (!item || others.length > 0) throw refused('The local payment provider supports exactly one item.', 'items')
  const price = sellable(need(provider, 'price', item.price, 'items[0][price]'))
  const { subscription } = subscribe(provider, {
    customer: customer.id,
    price,
    quantity: 1,
    trialEnd: null,
    method: cardOfCustomer(provider, params.default_payment_method, customer.id),
    discounts: [],
    session: null,
    presence: 'absent',
  })
  return subscription
}

function updateOf(
  provider: Provider,
  subscription: Subscription,
  params: z.output<z.ZodObject<typeof updateShape>>,
): SubscriptionUpdate {
  const item = itemOf(subscription)
  const [wanted, ...others] = params.items ?? []
  if (others.length > 0 || (wanted && wanted.id !== item.id)) {
    throw refused(`The local payment provider supports exactly one item. Its id is ${item.id}.`, 'items[0][id]')
  }
  const price = named(provider, 'price', wanted?.price, 'items[0][price]')
  if (price && price.id !== item.price.id) sellable(price)
  const { default_payment_method: card, cancel_at: cancelAt } = params
  return {
    ...(price && { price }),
    ...(params.proration_behavior && { prorationBehavior: params.proration_behavior }),
    ...(params.payment_behavior && { paymentBehavior: params.payment_behavior }),
    ...(params.cancel_at_period_end !== undefined && { cancelAtPeriodEnd: params.cancel_at_period_end }),
    ...(cancelAt !== undefined && { cancelAt: cancelAt === '' ? null : cancelAt }),
    ...(params.trial_end !== undefined && { trialEnd: params.trial_end }),
    ...(card && { card: cardOfCustomer(provider, card, subscription.customer) }),
  }
}

function sellable(price: Price): Price {
  if (!price.recurring) throw refused(`The price ${price.id} is not recurring.`, 'items[0][price]')
  if (!price.active)
    throw refused('The price specified is inactive. This field only accepts active prices.', 'items[0][price]')
  return price
}

/** Returns the id of a card if it is attached to a customer. @throws StripeProblem 400 */
function cardOfCustomer(provider: Provider, id: string, customer: string): string {
  const method = need(provider, 'payment_method', id, 'default_payment_method')
  if (method.customer === customer) return method.id
  throw refused(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    'default_payment_method',
    'resource_missing',
  )
}
