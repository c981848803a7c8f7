import type Stripe from 'stripe'
import type { z } from 'zod'
import { CodedError } from '../../lib/errors.ts'
import { listedSubscription, subscription } from './answers.ts'
import { answerUnlessGone, send } from './calls.ts'
import type { ProviderClient } from './client.ts'
import { misfitOf } from './values.ts'

/** A subscription as the provider has it now, which may be later than we have heard. */
export interface ProviderSubscription {
  readonly id: string
  readonly itemId: string
  readonly priceId: string
  readonly scheduleId: string | null
  readonly cancelAtPeriodEnd: boolean
  /** Cancelled too, by a date: the provider's own page may do that. */
  readonly cancelsAtDate: boolean
  /** When its free days end; null: none run. */
  readonly trialEndsAt: Date | null
}

/**
 * Looks up a subscription of ours that may be over.
 *
 * @returns null when it is, or when the provider says that it does not exist
 * @throws for every other refusal: a key that is wrong or may not read it says nothing about the subscription
 */
export async function liveSubscriptionOf(
  stripe: ProviderClient,
  subscriptionId: string,
): Promise<ProviderSubscription | null> {
  const found = await answerUnlessGone(stripe.subscriptions.retrieve(subscriptionId), subscription)
  const isOver = found === null || found.status === 'canceled' || found.status === 'incomplete_expired'
  return isOver ? null : toProviderSubscription(found)
}

/**
 * @param options of the request, where it is only shown
 * @throws CONFLICT for a subscription that the provider does not have any more
 */
export async function subscriptionOf(
  stripe: ProviderClient,
  { subscriptionId, customerId }: { readonly subscriptionId: string; readonly customerId: string },
  options: Stripe.RequestOptions = {},
): Promise<ProviderSubscription> {
  const found = await answerUnlessGone(stripe.subscriptions.retrieve(subscriptionId, {}, options), subscription)
  if (found === null || found.status === 'canceled') throw new CodedError('CONFLICT', subscriptionGone)
  if (found.customer !== customerId) throw new Error('the subscription belongs to another customer')
  return toProviderSubscription(found)
}

function toProviderSubscription(found: z.output<typeof subscription>): ProviderSubscription {
  const [item] = found.items
  if (!item) throw new Error('the subscription has no items')
  return {
    id: found.id,
    itemId: item.id,
    priceId: item.price,
    scheduleId: found.schedule,
    cancelAtPeriodEnd: found.cancel_at_period_end,
    cancelsAtDate: !found.cancel_at_period_end && found.cancel_at !== null,
    trialEndsAt: found.status === 'trialing' ? found.trial_end : null,
  }
}

const subscriptionGone =
  'Your subscription no longer exists at the payment provider. You will not be charged again, and your membership ends with the current period.'

/** Returns whether the subscription is to end by itself. */
export const isCancelled = (found: ProviderSubscription): boolean => found.cancelAtPeriodEnd || found.cancelsAtDate

/** Undoes a cancellation, in the way in which the subscription was cancelled. */
export async function resume(stripe: ProviderClient, found: ProviderSubscription): Promise<void> {
  await send(stripe.subscriptions.update(found.id, withoutCancellation(found)))
}

const withoutCancellation = ({ cancelsAtDate }: ProviderSubscription) =>
  cancelsAtDate ? ({ cancel_at: '' } as const) : ({ cancel_at_period_end: false } as const)

export async function setCancelAtPeriodEnd(stripe: ProviderClient, id: string, cancelled: boolean): Promise<void> {
  await send(stripe.subscriptions.update(id, { cancel_at_period_end: cancelled }))
}

/** Ends a subscription now, without a refund. */
export async function cancelNow(stripe: ProviderClient, id: string): Promise<void> {
  await send(stripe.subscriptions.cancel(id))
}

export interface PriceChange {
  readonly priceId: string
  /** The end of the free days after the change; null if no free days run. */
  readonly trialEndsAt: Date | null
  readonly now: Date
}

/** Changes the price now and charges the difference. If the payment fails, nothing is changed. Undoes a cancellation. */
export async function changePrice(
  stripe: ProviderClient,
  found: ProviderSubscription,
  { priceId, trialEndsAt, now }: PriceChange,
): Promise<void> {
  await send(
    stripe.subscriptions.update(found.id, {
      items: [{ id: found.itemId, price: priceId }],
      ...withoutCancellation(found),
      ...trialChange(found, trialEndsAt, now),
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    }),
  )
}

/** Returns the parameters that end the free days earlier; none if they stay as they are. */
function trialChange({ trialEndsAt: endsAt }: ProviderSubscription, wanted: Date | null, now: Date) {
  if (endsAt === null || wanted === null || wanted >= endsAt) return {}
  return { trial_end: wanted > now ? Math.floor(wanted.getTime() / 1000) : ('now' as const) }
}

/** A subscription in a list: its ids, and the whole object as the provider sent it. */
export interface ListedSubscription {
  readonly id: string
  readonly customerId: string
  readonly object: unknown
}

/** Lists all subscriptions, ended ones too. An object that does not fit is listed as a sentence that says where. */
export async function* listedSubscriptions(stripe: ProviderClient): AsyncGenerator<ListedSubscription | string> {
  for await (const object of stripe.subscriptions.list({ status: 'all', limit: 100 })) {
    const parsed = listedSubscription.safeParse(object)
    if (!parsed.success) yield `a subscription of the payment provider ${misfitOf(parsed.error)}`
    else yield { id: parsed.data.id, customerId: parsed.data.customer, object }
  }
}

/** Returns a subscription as the provider sends it, not parsed. */
export async function subscriptionObject(stripe: ProviderClient, id: string): Promise<unknown> {
  return stripe.subscriptions.retrieve(id)
}
