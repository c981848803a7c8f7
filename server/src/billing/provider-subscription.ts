import type Stripe from 'stripe'
import { CodedError } from '../lib/errors.ts'
import { answerOf, answerOrRefusal, answerUnlessGone } from './stripe.ts'
import type { Interval, SubscriptionRow } from './types.ts'

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

type Asked = Pick<SubscriptionRow, 'subscriptionId' | 'customerId'>

/** What changes the price of a subscription that runs needs to know of it. */
export type RunningSubscription = Pick<ProviderSubscription, 'id' | 'itemId' | 'priceId' | 'scheduleId'>

/** Looks up a subscription of ours that may be over. @returns null when it is, or when the provider does not know it */
export async function standingOf(stripe: Stripe, subscriptionId: string): Promise<RunningSubscription | null> {
  const found = await answerOrRefusal(stripe.subscriptions.retrieve(subscriptionId))
  if (found === 'refused' || found.status === 'canceled' || found.status === 'incomplete_expired') return null
  const [item] = found.items.data
  if (!item) throw new Error('a subscription of nothing')
  return { id: found.id, itemId: item.id, priceId: item.price.id, scheduleId: idOf(found.schedule) }
}

/**
 * Changes the price of a subscription now, without charge or credit: the payment for the present one was taken back. A change that
 * is to come stays.
 */
export async function changePriceForFree(
  stripe: Stripe,
  { id, itemId, priceId: present, scheduleId }: RunningSubscription,
  priceId: string,
): Promise<void> {
  if (present === priceId) return
  if (scheduleId === null) {
    const items = [{ id: itemId, price: priceId }]
    await answerOf(stripe.subscriptions.update(id, { items, proration_behavior: 'none' }))
    return
  }
  // What a schedule manages is changed in its present phase.
  const schedule = await answerOf(stripe.subscriptionSchedules.retrieve(scheduleId))
  const phases = schedule.phases.map((phase) => {
    const isPresent = phase.start_date === schedule.current_phase?.start_date
    return { ...phaseParams(phase, isPresent ? priceId : null), proration_behavior: 'none' as const }
  })
  await answerOf(stripe.subscriptionSchedules.update(scheduleId, { phases, proration_behavior: 'none' }))
}

/**
 * @param options of the request, where it is only shown
 * @throws CONFLICT for a subscription that the provider does not have any more
 */
export async function subscriptionOf(
  stripe: Stripe,
  { subscriptionId, customerId }: Asked,
  options: Stripe.RequestOptions = {},
): Promise<ProviderSubscription> {
  const found = await answerUnlessGone(stripe.subscriptions.retrieve(subscriptionId, {}, options))
  if (found === null || found.status === 'canceled') throw new CodedError('CONFLICT', subscriptionGone)
  const [item] = found.items.data
  if (idOf(found.customer) !== customerId || !item) throw new Error('a subscription of another customer, or of nothing')
  return {
    id: found.id,
    itemId: item.id,
    priceId: item.price.id,
    scheduleId: idOf(found.schedule),
    cancelAtPeriodEnd: found.cancel_at_period_end,
    cancelsAtDate: !found.cancel_at_period_end && found.cancel_at !== null,
    trialEndsAt: found.status === 'trialing' && found.trial_end !== null ? new Date(found.trial_end * 1000) : null,
  }
}

const subscriptionGone =
  'Your subscription no longer exists at the payment provider. Nothing more is charged, and your membership ends with the present period.'

/** Whether it is to end by itself. */
export const isCancelled = (found: ProviderSubscription): boolean => found.cancelAtPeriodEnd || found.cancelsAtDate

/** What takes its cancellation back, in the way that it was cancelled. */
export const goingOn = ({ cancelsAtDate }: ProviderSubscription) =>
  cancelsAtDate ? ({ cancel_at: '' } as const) : ({ cancel_at_period_end: false } as const)

export const idOf = (reference: string | { readonly id: string } | null): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null)

/** Takes back a change that is to come. One that is over by itself meanwhile needs no taking back. */
export async function releaseSchedule(stripe: Stripe, { scheduleId }: ProviderSubscription): Promise<void> {
  if (scheduleId !== null) await answerOrRefusal(stripe.subscriptionSchedules.release(scheduleId))
}

/**
 * Lets a subscription change its price when the present period ends. What holds now (free days, discounts) holds on: a phase
 * that does not name them would end them. A change that was to come already makes room for this one.
 */
export async function changeAtPeriodEnd(
  stripe: Stripe,
  { id, scheduleId }: Pick<ProviderSubscription, 'id' | 'scheduleId'>,
  { priceId, interval }: { readonly priceId: string; readonly interval: Interval },
): Promise<void> {
  const schedule = await answerOf(
    scheduleId === null
      ? stripe.subscriptionSchedules.create({ from_subscription: id })
      : stripe.subscriptionSchedules.retrieve(scheduleId),
  )
  const now = schedule.phases.find((phase) => phase.start_date === schedule.current_phase?.start_date)
  if (!now) throw new Error('a schedule without a present phase')
  const discounts = discountsOf(now)
  await answerOf(
    stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        phaseParams(now, null),
        {
          items: [{ price: priceId, quantity: 1 }],
          // After its first period the schedule lets go, and the subscription goes on by itself.
          duration: { interval: interval === 'YEARLY' ? 'year' : 'month', interval_count: 1 },
          proration_behavior: 'none',
          ...discounts,
        },
      ],
    }),
  )
}

/** A phase as it stands, at another price unless null. */
const phaseParams = (phase: Stripe.SubscriptionSchedule.Phase, otherPrice: string | null) => ({
  items: phase.items.map(({ price, quantity }) => ({
    price: otherPrice ?? idOf(price) ?? '',
    quantity: quantity ?? 1,
  })),
  start_date: phase.start_date,
  end_date: phase.end_date,
  ...(phase.trial_end !== null && { trial_end: phase.trial_end }),
  ...discountsOf(phase),
})

function discountsOf({ discounts }: Stripe.SubscriptionSchedule.Phase) {
  if (discounts.length === 0) return {}
  return {
    discounts: discounts.map(({ discount, promotion_code, coupon }) => {
      if (discount !== null) return { discount: idOf(discount) ?? '' }
      return promotion_code !== null ? { promotion_code: idOf(promotion_code) ?? '' } : { coupon: idOf(coupon) ?? '' }
    }),
  }
}
