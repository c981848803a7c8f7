import type Stripe from 'stripe'
import type { z } from 'zod'
import { CodedError } from '../../lib/errors.ts'
import { listedSubscription, subscription } from './answers.ts'
import { answerUnlessGone, send } from './calls.ts'
import { sdkOf, type ProviderClient } from './client.ts'
import { misfitOf } from './values.ts'

/** The present state of a subscription at the provider. The ledger may not have it yet. */
export interface ProviderSubscription {
  readonly id: string
  readonly itemId: string
  readonly priceId: string
  readonly scheduleId: string | null
  readonly cancelAtPeriodEnd: boolean
  /** Whether the subscription ends at a date instead, which the provider's own page may set. */
  readonly cancelsAtDate: boolean
  /** The end of the trial, or null if none is running. */
  readonly trialEndsAt: Date | null
}

/**
 * Returns a subscription, or null if it has ended or does not exist.
 *
 * @throws the errors that `billingFailure` returns, for example if the secret key may not read the subscription
 */
export async function liveSubscriptionOf(
  stripe: ProviderClient,
  subscriptionId: string,
): Promise<ProviderSubscription | null> {
  const found = await answerUnlessGone(sdkOf(stripe).subscriptions.retrieve(subscriptionId), subscription)
  const isOver = found === null || found.status === 'canceled' || found.status === 'incomplete_expired'
  return isOver ? null : toProviderSubscription(found)
}

/**
 * Returns a subscription.
 *
 * @param options the options of the request
 * @throws CONFLICT if the subscription is cancelled or does not exist
 */
export async function subscriptionOf(
  stripe: ProviderClient,
  { subscriptionId, customerId }: { readonly subscriptionId: string; readonly customerId: string },
  options: Stripe.RequestOptions = {},
): Promise<ProviderSubscription> {
  const found = await answerUnlessGone(sdkOf(stripe).subscriptions.retrieve(subscriptionId, {}, options), subscription)
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

/** Returns whether the subscription is set to end. */
export const isCancelled = (found: ProviderSubscription): boolean => found.cancelAtPeriodEnd || found.cancelsAtDate

/** Undoes a cancellation, whether at the period's end or by a date. */
export async function resume(stripe: ProviderClient, found: ProviderSubscription): Promise<void> {
  await send(sdkOf(stripe).subscriptions.update(found.id, withoutCancellation(found)))
}

const withoutCancellation = ({ cancelsAtDate }: ProviderSubscription) =>
  cancelsAtDate ? ({ cancel_at: '' } as const) : ({ cancel_at_period_end: false } as const)

export async function setCancelAtPeriodEnd(stripe: ProviderClient, id: string, cancelled: boolean): Promise<void> {
  await send(sdkOf(stripe).subscriptions.update(id, { cancel_at_period_end: cancelled }))
}

/** Ends a subscription at once, without a refund. */
export async function cancelNow(stripe: ProviderClient, id: string): Promise<void> {
  await send(sdkOf(stripe).subscriptions.cancel(id))
}

export interface PriceChange {
  readonly priceId: string
  /** The end of the trial after the change; null if none is running. */
  readonly trialEndsAt: Date | null
  readonly now: Date
}

/** Changes the price at once, charges the difference and undoes a cancellation. Changes nothing if the payment fails. */
export async function changePrice(
  stripe: ProviderClient,
  found: ProviderSubscription,
  { priceId, trialEndsAt, now }: PriceChange,
): Promise<void> {
  await send(
    sdkOf(stripe).subscriptions.update(found.id, {
      items: [{ id: found.itemId, price: priceId }],
      ...withoutCancellation(found),
      ...trialChange(found, trialEndsAt, now),
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    }),
  )
}

/** Returns the parameters that end the trial earlier. Empty if the trial is unchanged. */
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

/** Lists all subscriptions, including ended ones. For a malformed object it yields a description of the fault. */
export async function* listedSubscriptions(stripe: ProviderClient): AsyncGenerator<ListedSubscription | string> {
  for await (const object of sdkOf(stripe).subscriptions.list({ status: 'all', limit: 100 })) {
    const parsed = listedSubscription.safeParse(object)
    if (!parsed.success) yield `a subscription of the payment provider ${misfitOf(parsed.error)}`
    else yield { id: parsed.data.id, customerId: parsed.data.customer, object }
  }
}

/** Returns a subscription without parsing it. */
export async function subscriptionObject(stripe: ProviderClient, id: string): Promise<unknown> {
  return sdkOf(stripe).subscriptions.retrieve(id)
}
