import { z } from 'zod'
import { itemOf } from '../billing/invoicing.ts'
import type { SubscriptionUpdate } from '../billing/update.ts'
import { refused } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { named } from './lists.ts'
import { flag, instant, integer, list, mergeMetadata, metadata, oneOf, text, unset } from './parameters.ts'
import {
  cancellationDetails,
  detailsOf,
  paymentBehavior,
  prorationBehavior,
  refuseForeign,
} from './subscription-shapes.ts'

export const updateShape = {
  items: list(z.strictObject({ id: text.optional(), price: text.optional(), quantity: integer.optional() })).optional(),
  proration_behavior: prorationBehavior.optional(),
  payment_behavior: paymentBehavior.optional(),
  cancel_at_period_end: flag.optional(),
  cancel_at: z.union([unset, oneOf('min_period_end', 'max_period_end'), instant]).optional(),
  cancellation_details: cancellationDetails.optional(),
  trial_end: z.union([z.literal('now'), instant]).optional(),
  default_payment_method: text.optional(),
  description: z.union([unset, text]).optional(),
  pause_collection: z
    .union([
      unset,
      z.strictObject({
        behavior: oneOf('keep_as_draft', 'mark_uncollectible', 'void'),
        resumes_at: instant.optional(),
      }),
    ])
    .optional(),
  metadata: metadata.optional(),
  off_session: flag.optional(),
}

/** What an update asks for, checked. */
export function updateOf(
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
  if (price && !price.recurring) throw refused(`The price ${price.id} is not recurring.`, 'items[0][price]')
  if (price && !price.active && price.id !== item.price.id)
    throw refused('The price specified is inactive. This field only accepts active prices.', 'items[0][price]')
  const method = named(provider, 'payment_method', params.default_payment_method, 'default_payment_method')
  refuseForeign(method, subscription.customer)
  const { cancel_at: cancelAt, pause_collection: pause } = params
  return {
    ...(price && { price }),
    ...(wanted?.quantity !== undefined && { quantity: wanted.quantity }),
    ...(params.proration_behavior && { prorationBehavior: params.proration_behavior }),
    ...(params.payment_behavior && { paymentBehavior: params.payment_behavior }),
    ...(params.cancel_at_period_end !== undefined && { cancelAtPeriodEnd: params.cancel_at_period_end }),
    ...(cancelAt !== undefined && {
      cancelAt: cancelAt === '' ? null : typeof cancelAt === 'string' ? item.current_period_end : cancelAt,
    }),
    ...(params.cancellation_details && { cancellationDetails: detailsOf(params.cancellation_details) }),
    ...(params.trial_end !== undefined && { trialEnd: params.trial_end }),
    changes: {
      ...(method && { default_payment_method: method.id }),
      ...(params.description !== undefined && { description: params.description || null }),
      ...(pause !== undefined && {
        pause_collection: pause === '' ? null : { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
      }),
      ...(params.metadata !== undefined && { metadata: mergeMetadata(subscription.metadata, params.metadata) }),
    },
  }
}
