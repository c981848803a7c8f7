import { recurrenceOf, type Interval } from '../../catalogue/index.ts'
import { priceAndProduct, schedule, anyAnswer, type SchedulePhase } from './answers.ts'
import { answerOf, answerOrRefusal, send } from './calls.ts'
import { sdkOf, type ProviderClient } from './client.ts'
import type { ProviderSubscription } from './subscriptions.ts'

// Price changes, at once without charge or at the end of the period. A subscription with a schedule is changed through the schedule.

/**
 * Changes the price of a subscription at once, without charge or credit, after the payment for its present price was refunded or
 * reversed. Keeps a scheduled change.
 */
export async function changePriceForFree(
  stripe: ProviderClient,
  { id, itemId, priceId: present, scheduleId }: ProviderSubscription,
  priceId: string,
): Promise<void> {
  if (present === priceId) return
  await whileActive(stripe, priceId, async () => {
    if (scheduleId === null) {
      const items = [{ id: itemId, price: priceId }]
      return send(sdkOf(stripe).subscriptions.update(id, { items, proration_behavior: 'none' }))
    }
    const { phases, current_phase: current } = await answerOf(
      sdkOf(stripe).subscriptionSchedules.retrieve(scheduleId),
      schedule,
    )
    const changed = phases.map((phase) => {
      const isPresent = phase.start_date === current?.start_date
      return { ...phaseParams(phase, isPresent ? priceId : null), proration_behavior: 'none' as const }
    })
    await send(sdkOf(stripe).subscriptionSchedules.update(scheduleId, { phases: changed, proration_behavior: 'none' }))
  })
}

/**
 * Makes a call with a price that may be archived. The provider accepts only active prices of active products, so both are active
 * during the call. After a crash, `npm run billing:sync` archives them again. Nobody can buy at the price meanwhile, because a
 * checkout uses the price that is stored here.
 */
async function whileActive(stripe: ProviderClient, priceId: string, call: () => Promise<void>): Promise<void> {
  const asked = sdkOf(stripe).prices.retrieve(priceId, { expand: ['product'] })
  const { active, product } = await answerOf(asked, priceAndProduct)
  const setPrice = (to: boolean) => send(sdkOf(stripe).prices.update(priceId, { active: to }))
  const setProduct = (to: boolean) =>
    product?.active === false ? send(sdkOf(stripe).products.update(product.id, { active: to })) : Promise.resolve()
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

/** Cancels a scheduled change. Does nothing if the schedule has already ended. */
export async function releaseSchedule(
  stripe: ProviderClient,
  { scheduleId }: Pick<ProviderSubscription, 'scheduleId'>,
): Promise<void> {
  if (scheduleId !== null) await answerOrRefusal(sdkOf(stripe).subscriptionSchedules.release(scheduleId), anyAnswer)
}

/**
 * Schedules a change of price for the end of the present period, in place of an earlier scheduled change. Repeats the free days
 * and the discounts, because a phase without them would end them.
 */
export async function changeAtPeriodEnd(
  stripe: ProviderClient,
  { id, scheduleId }: Pick<ProviderSubscription, 'id' | 'scheduleId'>,
  { priceId, interval }: { readonly priceId: string; readonly interval: Interval },
): Promise<void> {
  const found = await answerOf(
    scheduleId === null
      ? sdkOf(stripe).subscriptionSchedules.create({ from_subscription: id })
      : sdkOf(stripe).subscriptionSchedules.retrieve(scheduleId),
    schedule,
  )
  const now = found.phases.find((phase) => phase.start_date === found.current_phase?.start_date)
  if (!now) throw new Error('the subscription schedule has no current phase')
  const discounts = discountsOf(now)
  await send(
    sdkOf(stripe).subscriptionSchedules.update(found.id, {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        phaseParams(now, null),
        {
          items: [{ price: priceId, quantity: 1 }],
          // After this period the schedule is released, and the subscription continues without it.
          duration: recurrenceOf(interval),
          proration_behavior: 'none',
          ...discounts,
        },
      ],
    }),
  )
}

/** Returns the parameters of an existing phase. @param otherPrice replaces its price, unless null */
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
