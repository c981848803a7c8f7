import type Stripe from 'stripe'
import { refused } from '../problem.ts'
import type { Price, Subscription } from '../state/resources.ts'
import { change, type Provider } from '../state/provider.ts'
import { applyPriceChange, asSubscriptionProblem } from './apply-change.ts'
import { itemOf } from './invoicing.ts'
import { endTrial } from './renew.ts'

export interface SubscriptionUpdate {
  readonly price?: Price
  readonly quantity?: number
  readonly prorationBehavior?: Stripe.SubscriptionUpdateParams.ProrationBehavior
  readonly paymentBehavior?: Stripe.SubscriptionUpdateParams.PaymentBehavior
  readonly cancelAtPeriodEnd?: boolean
  /** Null: it is not to end. */
  readonly cancelAt?: number | null
  readonly cancellationDetails?: Partial<Stripe.Subscription.CancellationDetails>
  readonly trialEnd?: number | 'now'
  /** What is simply set. */
  readonly changes?: Partial<Subscription>
}

/**
 * Updates a subscription as the API does.
 *
 * @throws StripeProblem 400 for what its state or its schedule forbids, 402 when `error_if_incomplete` and it is not paid
 */
export function updateSubscription(
  provider: Provider,
  subscription: Subscription,
  update: SubscriptionUpdate,
): Subscription {
  const { store } = provider
  refuseWhatIsManaged(subscription, update)
  const changes = { ...update.changes, ...cancellation(provider, subscription, update) }
  const item = itemOf(subscription)
  const price = update.price ?? item.price
  const quantity = update.quantity ?? item.quantity
  const behavior = update.paymentBehavior ?? 'allow_incomplete'
  if (price.id !== item.price.id || quantity !== item.quantity) {
    if (!['active', 'trialing', 'past_due'].includes(subscription.status)) {
      throw refused(`A subscription that is ${subscription.status} cannot change its price.`, 'items')
    }
    const prorationBehavior = update.prorationBehavior ?? 'create_prorations'
    applyPriceChange(provider, subscription, { price, quantity, prorationBehavior }, behavior, changes)
  } else {
    change(provider, 'subscription', subscription, changes, 'customer.subscription.updated')
  }
  if (update.trialEnd !== undefined)
    moveTrialEnd(provider, store.need('subscription', subscription.id), update.trialEnd, behavior)
  return store.need('subscription', subscription.id)
}

/** While a schedule manages a subscription, its price and its end are the schedule's. */
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
  if (update.price || update.quantity !== undefined) {
    throw refused(`${managed} its items directly is not allowed. Please update the schedule instead.`, 'items')
  }
}

function cancellation(
  provider: Provider,
  subscription: Subscription,
  update: SubscriptionUpdate,
): Partial<Subscription> {
  const { cancelAtPeriodEnd, cancelAt, cancellationDetails } = update
  const now = provider.clock.seconds()
  const details = { ...subscription.cancellation_details, ...cancellationDetails } as NonNullable<
    Subscription['cancellation_details']
  >
  if (cancelAtPeriodEnd === undefined && cancelAt === undefined) {
    return cancellationDetails ? { cancellation_details: details } : {}
  }
  const at = cancelAtPeriodEnd ? itemOf(subscription).current_period_end : (cancelAt ?? null)
  if (at !== null && at <= now) throw refused('`cancel_at` must be in the future.', 'cancel_at')
  return {
    cancel_at: at,
    cancel_at_period_end: cancelAtPeriodEnd ?? false,
    canceled_at: at === null ? null : (subscription.canceled_at ?? now),
    cancellation_details:
      at === null
        ? { comment: null, feedback: null, feedback_option: null, reason: null }
        : { ...details, reason: 'cancellation_requested' },
  }
}

function moveTrialEnd(
  provider: Provider,
  subscription: Subscription,
  end: number | 'now',
  behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior,
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
