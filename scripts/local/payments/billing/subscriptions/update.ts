import type Stripe from 'stripe'
import { noCancellation } from '../../objects/subscription.ts'
import { refused } from '../../problem.ts'
import type { Price, Subscription } from '../../state/resources.ts'
import { change, type Provider } from '../../state/provider.ts'
import { applyPriceChange, asSubscriptionProblem, type PaymentBehavior } from './apply-change.ts'
import { itemOf } from '../invoices/invoicing.ts'
import { endTrial } from './renew.ts'

export interface SubscriptionUpdate {
  readonly price?: Price
  readonly prorationBehavior?: Stripe.SubscriptionUpdateParams.ProrationBehavior
  readonly paymentBehavior?: PaymentBehavior
  readonly cancelAtPeriodEnd?: boolean
  /** Null: it does not end. */
  readonly cancelAt?: number | null
  readonly trialEnd?: number | 'now'
  /** Id of the new default payment method. */
  readonly card?: string
}

/**
 * Updates a subscription.
 *
 * @throws StripeProblem 400 if its status or its schedule forbids the change, 402 if `error_if_incomplete` is set and the payment fails
 */
export function updateSubscription(
  provider: Provider,
  subscription: Subscription,
  update: SubscriptionUpdate,
): Subscription {
  const { store } = provider
  refuseWhatIsManaged(subscription, update)
  const changes = {
    ...(update.card !== undefined && { default_payment_method: update.card }),
    ...cancellation(provider, subscription, update),
  }
  const item = itemOf(subscription)
  const price = update.price ?? item.price
  const behavior = update.paymentBehavior ?? 'allow_incomplete'
  if (price.id !== item.price.id) {
    if (!['active', 'trialing', 'past_due'].includes(subscription.status)) {
      throw refused(`A subscription that is ${subscription.status} cannot change its price.`, 'items')
    }
    const prorationBehavior = update.prorationBehavior ?? 'create_prorations'
    const wanted = { price, quantity: item.quantity, prorationBehavior }
    applyPriceChange(provider, subscription, wanted, behavior, changes)
  } else {
    change(provider, 'subscription', subscription, changes, 'customer.subscription.updated')
  }
  if (update.trialEnd !== undefined)
    moveTrialEnd(provider, store.need('subscription', subscription.id), update.trialEnd, behavior)
  return store.need('subscription', subscription.id)
}

/** Refuses changes of the price and of the end while a schedule manages the subscription. */
function refuseWhatIsManaged({ schedule, status, id }: Subscription, update: SubscriptionUpdate): void {
  if (status === 'canceled' || status === 'incomplete_expired') {
    throw refused(
      `No such subscription: '${id}'. A canceled subscription can only update its cancellation_details and metadata.`,
      'id',
      'resource_missing',
    )
  }
  if (schedule === null) return
  const managed = `The subscription is managed by the subscription schedule \`${schedule}\`, and updating`
  if (update.cancelAtPeriodEnd !== undefined || update.cancelAt !== undefined) {
    throw refused(
      `${managed} any cancelation behavior directly is not allowed. Please update the schedule instead.`,
      'cancel_at_period_end',
    )
  }
  if (update.price) {
    throw refused(`${managed} its items directly is not allowed. Please update the schedule instead.`, 'items')
  }
}

function cancellation(
  provider: Provider,
  subscription: Subscription,
  update: SubscriptionUpdate,
): Partial<Subscription> {
  const { cancelAtPeriodEnd, cancelAt } = update
  const now = provider.clock.seconds()
  if (cancelAtPeriodEnd === undefined && cancelAt === undefined) return {}
  const at = cancelAtPeriodEnd ? itemOf(subscription).current_period_end : (cancelAt ?? null)
  if (at !== null && at <= now) throw refused('`cancel_at` must be in the future.', 'cancel_at')
  return {
    cancel_at: at,
    cancel_at_period_end: cancelAtPeriodEnd ?? false,
    canceled_at: at === null ? null : (subscription.canceled_at ?? now),
    cancellation_details: { ...noCancellation, reason: at === null ? null : 'cancellation_requested' },
  }
}

function moveTrialEnd(
  provider: Provider,
  subscription: Subscription,
  end: number | 'now',
  behavior: PaymentBehavior,
): void {
  const now = provider.clock.seconds()
  if (end === 'now') {
    if (subscription.status !== 'trialing') return
    const outcome = endTrial(provider, subscription, 'subscription_update')
    if (outcome.kind !== 'paid' && behavior === 'error_if_incomplete') throw asSubscriptionProblem(outcome)
    return
  }
  if (end <= now) throw refused('`trial_end` must be in the future.', 'trial_end')
  const { store } = provider
  const note = store.need('billingNote', subscription.id)
  store.put('billingNote', { ...note, trialEndAnnounced: false })
  const item = itemOf(subscription)
  const period = {
    current_period_start: subscription.status === 'trialing' ? item.current_period_start : now,
    current_period_end: end,
  }
  change(
    provider,
    'subscription',
    subscription,
    {
      status: 'trialing',
      trial_start: subscription.trial_start ?? now,
      trial_end: end,
      billing_cycle_anchor: end,
      items: { ...subscription.items, data: [{ ...item, ...period }] },
    },
    'customer.subscription.updated',
  )
}
