import type Stripe from 'stripe'
import type { Context } from '../graphql/context-types.ts'
import { badInput } from '../lib/errors.ts'
import { untilHeard } from './hear.ts'
import { priceIdOf, refuseFor, sellerOf, type Offer } from './offer.ts'
import { kindOfChange, trialEndAfterChange, type ChangeKind } from './plan-change.ts'
import {
  changeAtPeriodEnd,
  goingOn,
  isCancelled,
  releaseSchedule,
  subscriptionOf,
  type ProviderSubscription,
} from './provider-subscription.ts'
import { isTaskWaiting, priceOnSale } from './queries.ts'
import { objectionToChange, runningTrialEnd } from './standing.ts'
import { answerOf } from './stripe.ts'
import type { PlanChangeModel, SubscriptionRow } from './types.ts'

/** What a change to an offer would be now; null when there is nothing to change, or it would change nothing. */
export async function plannedChange(ctx: Context, memberId: string, offer: Offer): Promise<PlanChangeModel | null> {
  const subscription = (await ctx.billing.payer(memberId))?.subscription ?? null
  if (subscription === null || objectionToChange(subscription.membership, ctx.now) !== null) return null
  const direction = directionOf(subscription, offer)
  if (direction === 'NONE') return null
  const { plan, interval } = offer
  const at = direction === 'UP' ? ctx.now : (subscription.membership.currentPeriodEnd ?? ctx.now)
  const trialEnd = runningTrialEnd(subscription.membership)
  const trialEndsAt = direction === 'UP' ? trialEndWith(offer, subscription, trialEnd, ctx.now) : trialEnd
  return { plan, interval, direction, at, trialEndsAt, subscription: direction === 'UP' ? subscription : null }
}

/**
 * Changes what a member pays for: up at once, down at the end of the period. Either way a membership that was cancelled goes on.
 *
 * @throws BAD_USER_INPUT, CONFLICT, SERVICE_UNAVAILABLE; CONFLICT for a card that is declined: then nothing was changed
 */
export async function changePlan(ctx: Context, memberId: string, offer: Offer): Promise<void> {
  const stripe = sellerOf(ctx)
  const row = (await ctx.billing.payer(memberId))?.subscription ?? null
  refuseFor(objectionToChange(row?.membership ?? null, ctx.now))
  if (row === null) throw new Error('a change was not refused that has nothing to change')
  const direction = directionOf(row, offer)
  if (direction === 'NONE') throw badInput(`You pay for ${offer.plan.name} already, and as often.`)
  // Such a task would undo what is paid for now.
  refuseFor((await isTaskWaiting(ctx.db, row.subscriptionId)) ? takenBack : null)
  const priceId = await priceIdOf(ctx, offer)
  const found = await subscriptionOf(stripe, row)
  if (direction === 'UP') {
    const trialEndsAt = trialEndWith(offer, row, found.trialEndsAt, ctx.now)
    await changeNow(ctx, stripe, { row, found, priceId, trialEndsAt })
    await untilHeard(ctx, memberId, pays(offer, trialEndsAt && trialEndsAt > ctx.now ? trialEndsAt : null))
  } else {
    await changeLater(stripe, found, { priceId, interval: offer.interval })
    await untilHeard(ctx, memberId, isToPay(offer))
  }
}

const takenBack = 'A payment of yours was taken back, and your subscription is being adjusted. Try again in a minute.'

function directionOf(paid: SubscriptionRow, offer: Offer): Exclude<ChangeKind, 'OTHER_CURRENCY'> {
  const { amountMinor, currency, interval } = paid
  const kind = kindOfChange({ planId: paid.membership.planId, interval, amountMinor, currency }, offer)
  if (kind !== 'OTHER_CURRENCY') return kind
  throw badInput(
    `You pay in ${currency}, and ${offer.plan.name} is sold in ${offer.price.currency}: cancel first, then buy it.`,
  )
}

/** Returns when the free days end if the offer is taken at once; null: none run. */
function trialEndWith({ plan }: Offer, { membership }: SubscriptionRow, endsAt: Date | null, now: Date): Date | null {
  const { planId, startedAt } = membership
  return endsAt && trialEndAfterChange({ planId, startedAt, endsAt }, plan, now)
}

/** @param freeUntil null: no free days are left */
const pays =
  ({ plan, interval }: Offer, freeUntil: Date | null) =>
  ({ membership, interval: paid }: SubscriptionRow): boolean =>
    membership.planId === plan.id &&
    paid === interval &&
    !membership.cancelAtPeriodEnd &&
    runningTrialEnd(membership)?.getTime() === freeUntil?.getTime()

const isToPay =
  ({ plan, interval }: Offer) =>
  ({ next, membership }: SubscriptionRow): boolean =>
    next?.planId === plan.id && next.interval === interval && !membership.cancelAtPeriodEnd

interface ImmediateChange {
  readonly row: SubscriptionRow
  readonly found: ProviderSubscription
  readonly priceId: string
  /** When the free days then end; null: none run. */
  readonly trialEndsAt: Date | null
}

async function changeNow(
  ctx: Context,
  stripe: Stripe,
  { row, found, priceId, trialEndsAt }: ImmediateChange,
): Promise<void> {
  // Asked twice at once: the second finds it done.
  if (found.priceId === priceId && found.scheduleId === null && !isCancelled(found)) return
  // What a schedule manages cannot be changed beside it.
  await releaseSchedule(stripe, found)
  try {
    await answerOf(
      stripe.subscriptions.update(found.id, {
        items: [{ id: found.itemId, price: priceId }],
        ...goingOn(found),
        ...trialChange(found, trialEndsAt, ctx.now),
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
      }),
    )
  } catch (error) {
    if (found.scheduleId !== null) await putBack(ctx, stripe, row, found)
    throw error
  }
}

/** Ends the free days at the instant given, or at once; nothing where they stay as they are. */
function trialChange({ trialEndsAt: endsAt }: ProviderSubscription, wanted: Date | null, now: Date) {
  if (endsAt === null || wanted === null || wanted >= endsAt) return {}
  return { trial_end: wanted > now ? Math.floor(wanted.getTime() / 1000) : ('now' as const) }
}

/** Nothing was changed, so what was to come is to come again. */
async function putBack(
  ctx: Context,
  stripe: Stripe,
  { next }: SubscriptionRow,
  found: ProviderSubscription,
): Promise<void> {
  if (next === null) return
  try {
    const price = await priceOnSale(ctx.db, next.planId, next.interval)
    if (!price) throw new Error('the price of a change to come is not sold any more')
    await changeAtPeriodEnd(
      stripe,
      { id: found.id, scheduleId: null },
      { priceId: price.priceId, interval: next.interval },
    )
  } catch (error) {
    ctx.billing.onFailure('a change of plan that was to come was lost when another one was declined', error)
  }
}

async function changeLater(
  stripe: Stripe,
  found: ProviderSubscription,
  to: Parameters<typeof changeAtPeriodEnd>[2],
): Promise<void> {
  // A schedule that begins with a cancelled subscription would end it.
  const revives = isCancelled(found) && found.scheduleId === null
  if (revives) await answerOf(stripe.subscriptions.update(found.id, goingOn(found)))
  try {
    await changeAtPeriodEnd(stripe, found, to)
  } catch (error) {
    // Nothing was changed, so what was to end is to end again.
    if (revives) await answerOf(stripe.subscriptions.update(found.id, { cancel_at_period_end: true }))
    throw error
  }
}
