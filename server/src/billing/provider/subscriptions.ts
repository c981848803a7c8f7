import type Stripe from 'stripe'
import type { z } from 'zod'
import { CodedError } from '../../lib/errors.ts'
import { priceAndProduct, schedule, subscription, unread, type SchedulePhase } from './answers.ts'
import { parseAnswer, answerOrRefusal, answerUnlessGone, done } from './calls.ts'
import type { SubscriptionRow } from '../types.ts'
import type { Interval } from '../../catalogue/index.ts'

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

/**
 * Looks up a subscription of ours that may be over.
 *
 * @returns null when it is, or when the provider says that it does not exist
 * @throws for every other refusal: a key that is wrong or may not read it says nothing about the subscription
 */
export async function liveSubscriptionOf(stripe: Stripe, subscriptionId: string): Promise<ProviderSubscription | null> {
  const found = await answerUnlessGone(stripe.subscriptions.retrieve(subscriptionId), subscription)
  const isOver = found === null || found.status === 'canceled' || found.status === 'incomplete_expired'
  return isOver ? null : toProviderSubscription(found)
}

/**
 * Changes the price of a subscription now, without charge or credit: the payment for the present one was taken back. A change that
 * is to come stays.
 */
export async function changePriceForFree(
  stripe: Stripe,
  { id, itemId, priceId: present, scheduleId }: ProviderSubscription,
  priceId: string,
): Promise<void> {
  if (present === priceId) return
  await whileActive(stripe, priceId, async () => {
    if (scheduleId === null) {
      const items = [{ id: itemId, price: priceId }]
      return done(stripe.subscriptions.update(id, { items, proration_behavior: 'none' }))
    }
    // What a schedule manages is changed in its present phase.
    const { phases, current_phase: current } = await parseAnswer(
      stripe.subscriptionSchedules.retrieve(scheduleId),
      schedule,
    )
    const changed = phases.map((phase) => {
      const isPresent = phase.start_date === current?.start_date
      return { ...phaseParams(phase, isPresent ? priceId : null), proration_behavior: 'none' as const }
    })
    await done(stripe.subscriptionSchedules.update(scheduleId, { phases: changed, proration_behavior: 'none' }))
  })
}

/**
 * Makes a call that sets a price which may be archived: the provider takes only active prices of active products. What this opens it
 * closes again; should it be killed in between, `npm run billing:sync` does. Nothing is sold by it meanwhile: a checkout takes the price
 * that our own rows name.
 */
async function whileActive(stripe: Stripe, priceId: string, call: () => Promise<void>): Promise<void> {
  const asked = stripe.prices.retrieve(priceId, { expand: ['product'] })
  const { active, product } = await parseAnswer(asked, priceAndProduct)
  const setPrice = (to: boolean) => done(stripe.prices.update(priceId, { active: to }))
  const setProduct = (to: boolean) =>
    product?.active === false ? done(stripe.products.update(product.id, { active: to })) : Promise.resolve()
  if (active && product?.active !== false) return call()
  try {
    await setProduct(true)
    if (!active) await setPrice(true)
    await call()
  } finally {
    if (!active) await setPrice(false)
    await setProduct(false)
  }
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

/** Whether it is to end by itself. */
export const isCancelled = (found: ProviderSubscription): boolean => found.cancelAtPeriodEnd || found.cancelsAtDate

/** What takes its cancellation back, in the way that it was cancelled. */
export const withoutCancellation = ({ cancelsAtDate }: ProviderSubscription) =>
  cancelsAtDate ? ({ cancel_at: '' } as const) : ({ cancel_at_period_end: false } as const)

/** Takes back a change that is to come. One that is over by itself meanwhile needs no taking back. */
export async function releaseSchedule(
  stripe: Stripe,
  { scheduleId }: Pick<ProviderSubscription, 'scheduleId'>,
): Promise<void> {
  if (scheduleId !== null) await answerOrRefusal(stripe.subscriptionSchedules.release(scheduleId), unread)
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
  const found = await parseAnswer(
    scheduleId === null
      ? stripe.subscriptionSchedules.create({ from_subscription: id })
      : stripe.subscriptionSchedules.retrieve(scheduleId),
    schedule,
  )
  const now = found.phases.find((phase) => phase.start_date === found.current_phase?.start_date)
  if (!now) throw new Error('the subscription schedule has no current phase')
  const discounts = discountsOf(now)
  await done(
    stripe.subscriptionSchedules.update(found.id, {
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
const phaseParams = (phase: SchedulePhase, otherPrice: string | null) => ({
  items: phase.items.map(({ price, quantity }) => ({
    price: otherPrice ?? price,
    quantity: quantity ?? 1,
  })),
  start_date: phase.start_date,
  end_date: phase.end_date,
  ...(phase.trial_end !== null && { trial_end: phase.trial_end }),
  ...discountsOf(phase),
})

function discountsOf({ discounts }: SchedulePhase) {
  if (discounts === null || discounts.length === 0) return {}
  return {
    discounts: discounts.map(({ discount, promotion_code, coupon }) => {
      if (discount !== null) return { discount }
      return promotion_code !== null ? { promotion_code } : { coupon: coupon ?? '' }
    }),
  }
}
