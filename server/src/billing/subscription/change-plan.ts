import type { BillingContext } from '../context.ts'
import { badInput } from '../../lib/errors.ts'
import { waitForWebhook } from './wait-for-webhook.ts'
import { priceIdOf, throwConflict, requireProviderClient, type Offer } from '../offer.ts'
import { doTask, deleteUndoTask, storeUndoTask } from '../provider-tasks/index.ts'
import { kindOfChange, trialEndAfterChange, type ChangeKind } from './plan-change-terms.ts'
import { priceOnSale } from '../catalogue-sync/queries.ts'
import { waitingTask } from '../provider-tasks/queries.ts'
import type { ProviderClient } from '../provider/client.ts'
import { changeAtPeriodEnd, releaseSchedule } from '../provider/schedules.ts'
import {
  changePrice,
  isCancelled,
  resume,
  subscriptionOf,
  type ProviderSubscription,
} from '../provider/subscriptions.ts'
import { planChangeBlocker, runningTrialEnd } from './purchase-eligibility.ts'
import type { PlanChangeModel, SubscriptionRow } from '../types.ts'

/** Returns the terms of a change to an offer. Null if the member cannot change plans or already has this offer. */
export async function plannedChange(
  ctx: BillingContext,
  memberId: string,
  offer: Offer,
): Promise<PlanChangeModel | null> {
  const subscription = (await ctx.billing.payer(memberId))?.subscription ?? null
  if (subscription === null || planChangeBlocker(subscription.membership, ctx.now) !== null) return null
  const direction = directionOf(subscription, offer)
  if (direction === 'NONE') return null
  const { plan, interval } = offer
  const at = direction === 'UP' ? ctx.now : (subscription.membership.currentPeriodEnd ?? ctx.now)
  const trialEnd = runningTrialEnd(subscription.membership)
  const trialEndsAt = direction === 'UP' ? trialEndWith(offer, subscription, trialEnd, ctx.now) : trialEnd
  return { plan, interval, direction, at, trialEndsAt, subscription: direction === 'UP' ? subscription : null }
}

/**
 * Changes the plan or the interval of a member: an upgrade at once, a downgrade at the end of the period. Both undo a cancellation.
 *
 * @throws BAD_USER_INPUT, SERVICE_UNAVAILABLE, or CONFLICT, also for a declined card. Nothing is changed then
 */
export async function changePlan(ctx: BillingContext, memberId: string, offer: Offer): Promise<void> {
  const stripe = requireProviderClient(ctx)
  const row = (await ctx.billing.payer(memberId))?.subscription ?? null
  throwConflict(planChangeBlocker(row?.membership ?? null, ctx.now))
  if (row === null) throw new Error('a plan change without a subscription was not refused')
  const direction = directionOf(row, offer)
  if (direction === 'NONE') throw badInput(`You already have ${offer.plan.name} with this billing interval.`)
  // A waiting task would undo the change.
  throwConflict(taskBlocker(await waitingTask(ctx.db, row.subscriptionId)))
  const priceId = await priceIdOf(ctx, offer)
  const found = await subscriptionOf(stripe, row)
  if (direction === 'UP') {
    const trialEndsAt = trialEndWith(offer, row, found.trialEndsAt, ctx.now)
    await changeNow(ctx, stripe, { row, found, priceId, trialEndsAt })
    await waitForWebhook(ctx, memberId, pays(offer, trialEndsAt && trialEndsAt > ctx.now ? trialEndsAt : null))
  } else {
    await changeLater(ctx, stripe, row, found, { priceId, interval: offer.interval })
    await waitForWebhook(ctx, memberId, isScheduledFor(offer))
  }
}

/** Returns why a plan cannot be changed while a provider task waits, or null. */
function taskBlocker(kind: Awaited<ReturnType<typeof waitingTask>>): string | null {
  if (kind === null) return null
  if (kind === 'CANCEL_AT_PERIOD_END') return beingChanged
  return 'One of your payments was refunded or reversed, and your subscription is being adjusted. Try again in a minute.'
}

const beingChanged = 'Another change of your plan is still in progress. Try again in a minute.'

function directionOf(paid: SubscriptionRow, offer: Offer): Exclude<ChangeKind, 'OTHER_CURRENCY'> {
  const { amountMinor, currency, interval } = paid
  const kind = kindOfChange({ planId: paid.membership.planId, interval, amountMinor, currency }, offer)
  if (kind !== 'OTHER_CURRENCY') return kind
  throw badInput(
    `You pay in ${currency}, and ${offer.plan.name} is sold in ${offer.price.currency}: cancel first, then buy it.`,
  )
}

/** Returns the end of the trial after an immediate change to the offer, or null if none is running. */
function trialEndWith({ plan }: Offer, { membership }: SubscriptionRow, endsAt: Date | null, now: Date): Date | null {
  const { planId, startedAt } = membership
  return endsAt && trialEndAfterChange({ planId, startedAt, endsAt }, plan, now)
}

/** Returns a predicate for subscriptions that pay for the offer. @param freeUntil the end of the trial, or null */
const pays =
  ({ plan, interval }: Offer, freeUntil: Date | null) =>
  ({ membership, interval: paid }: SubscriptionRow): boolean =>
    membership.planId === plan.id &&
    paid === interval &&
    !membership.cancelAtPeriodEnd &&
    runningTrialEnd(membership)?.getTime() === freeUntil?.getTime()

/** Returns a predicate for subscriptions that are scheduled to change to the offer. */
const isScheduledFor =
  ({ plan, interval }: Offer) =>
  ({ next, membership }: SubscriptionRow): boolean =>
    next?.planId === plan.id && next.interval === interval && !membership.cancelAtPeriodEnd

interface ImmediateChange {
  readonly row: SubscriptionRow
  readonly found: ProviderSubscription
  readonly priceId: string
  /** The end of the trial after the change, or null if none is running. */
  readonly trialEndsAt: Date | null
}

async function changeNow(
  ctx: BillingContext,
  stripe: ProviderClient,
  { row, found, priceId, trialEndsAt }: ImmediateChange,
): Promise<void> {
  // A concurrent request may have made the change already.
  if (found.priceId === priceId && found.scheduleId === null && !isCancelled(found)) return
  // A subscription cannot be changed directly while a schedule manages it.
  await releaseSchedule(stripe, found)
  try {
    await changePrice(stripe, found, { priceId, trialEndsAt, now: ctx.now })
  } catch (error) {
    if (found.scheduleId !== null) await restoreScheduledChange(ctx, row, found)
    throw error
  }
}

/** Schedules the earlier change again, unless the new change was made and only its response was lost. */
async function restoreScheduledChange(
  ctx: BillingContext,
  row: SubscriptionRow,
  found: ProviderSubscription,
): Promise<void> {
  const { next } = row
  const stripe = ctx.billing.createUndoClient()
  if (next === null || stripe === null) return
  try {
    const { priceId, scheduleId } = await subscriptionOf(stripe, row)
    if (priceId !== found.priceId || scheduleId !== null) return
    const price = await priceOnSale(ctx.db, next.planId, next.interval)
    if (!price) throw new Error('the price of the scheduled plan change is no longer on sale')
    await changeAtPeriodEnd(
      stripe,
      { id: found.id, scheduleId: null },
      { priceId: price.priceId, interval: next.interval },
    )
  } catch (error) {
    ctx.billing.onFailure('a scheduled plan change was lost when another change was declined', error)
  }
}

async function changeLater(
  ctx: BillingContext,
  stripe: ProviderClient,
  row: SubscriptionRow,
  found: ProviderSubscription,
  to: Parameters<typeof changeAtPeriodEnd>[2],
): Promise<void> {
  if (!isCancelled(found) || found.scheduleId !== null) return changeAtPeriodEnd(stripe, found, to)
  const { subscriptionId } = row
  // If this request is interrupted, a job cancels the subscription again.
  throwConflict((await storeUndoTask(ctx.db, row, new Date())) ? null : beingChanged)
  try {
    // A schedule created from a cancelled subscription would end it.
    await resume(stripe, found)
    await changeAtPeriodEnd(stripe, found, to)
  } catch (error) {
    await cancelAgain(ctx, subscriptionId)
    throw error
  }
  await deleteUndoTask(ctx.db, subscriptionId)
}

/** Reverts an unfinished change. If the attempt fails, a job reverts the change a minute after it began. */
async function cancelAgain(ctx: BillingContext, subscriptionId: string): Promise<void> {
  const stripe = ctx.billing.createUndoClient()
  if (stripe === null) return
  try {
    await doTask(stripe, { subscriptionId, task: { kind: 'CANCEL_AT_PERIOD_END' } })
    await deleteUndoTask(ctx.db, subscriptionId)
  } catch (error) {
    ctx.billing.onFailure('a failed plan change could not be reverted and will be retried', error)
  }
}
