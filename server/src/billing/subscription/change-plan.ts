import type { BillingContext } from '../context.ts'
import { badInput } from '../../lib/errors.ts'
import { waitForWebhook } from './wait-for-webhook.ts'
import { priceIdOf, throwConflict, requireProviderClient, type Offer } from '../offer.ts'
import { doTask, dropUndo, putUndo } from '../provider-tasks/index.ts'
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

/** What a change to an offer would be now; null when there is nothing to change, or it would change nothing. */
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
 * Changes what a member pays for: up at once, down at the end of the period. Either way a membership that was cancelled goes on.
 *
 * @throws BAD_USER_INPUT, CONFLICT, SERVICE_UNAVAILABLE; CONFLICT for a card that is declined: then nothing was changed
 */
export async function changePlan(ctx: BillingContext, memberId: string, offer: Offer): Promise<void> {
  const stripe = requireProviderClient(ctx)
  const row = (await ctx.billing.payer(memberId))?.subscription ?? null
  throwConflict(planChangeBlocker(row?.membership ?? null, ctx.now))
  if (row === null) throw new Error('a plan change without a subscription was not refused')
  const direction = directionOf(row, offer)
  if (direction === 'NONE') throw badInput(`You already have ${offer.plan.name} with this billing interval.`)
  // Such a task would undo what is paid for now.
  throwConflict(objectionToTask(await waitingTask(ctx.db, row.subscriptionId)))
  const priceId = await priceIdOf(ctx, offer)
  const found = await subscriptionOf(stripe, row)
  if (direction === 'UP') {
    const trialEndsAt = trialEndWith(offer, row, found.trialEndsAt, ctx.now)
    await changeNow(ctx, stripe, { row, found, priceId, trialEndsAt })
    await waitForWebhook(ctx, memberId, pays(offer, trialEndsAt && trialEndsAt > ctx.now ? trialEndsAt : null))
  } else {
    await changeLater(ctx, stripe, row, found, { priceId, interval: offer.interval })
    await waitForWebhook(ctx, memberId, isToPay(offer))
  }
}

function objectionToTask(kind: Awaited<ReturnType<typeof waitingTask>>): string | null {
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
  ctx: BillingContext,
  stripe: ProviderClient,
  { row, found, priceId, trialEndsAt }: ImmediateChange,
): Promise<void> {
  // Asked twice at once: the second finds it done.
  if (found.priceId === priceId && found.scheduleId === null && !isCancelled(found)) return
  // What a schedule manages cannot be changed beside it.
  await releaseSchedule(stripe, found)
  try {
    await changePrice(stripe, found, { priceId, trialEndsAt, now: ctx.now })
  } catch (error) {
    if (found.scheduleId !== null) await putBack(ctx, row, found)
    throw error
  }
}

/** What was to come is to come again, unless the change was made although its answer did not reach us. */
async function putBack(ctx: BillingContext, row: SubscriptionRow, found: ProviderSubscription): Promise<void> {
  const { next } = row
  const stripe = ctx.billing.undoClient()
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
  // Whatever becomes of this request: what was to end ends, unless the change was made.
  throwConflict((await putUndo(ctx.db, row, new Date())) ? null : beingChanged)
  try {
    // A schedule that begins with a cancelled subscription would end it.
    await resume(stripe, found)
    await changeAtPeriodEnd(stripe, found, to)
  } catch (error) {
    await takeBack(ctx, subscriptionId)
    throw error
  }
  await dropUndo(ctx.db, subscriptionId)
}

/** Reverts an unfinished change. If that fails, a job does it a minute after the change began. */
async function takeBack(ctx: BillingContext, subscriptionId: string): Promise<void> {
  const stripe = ctx.billing.undoClient()
  if (stripe === null) return
  try {
    await doTask(stripe, { subscriptionId, task: { kind: 'CANCEL_AT_PERIOD_END' } })
    await dropUndo(ctx.db, subscriptionId)
  } catch (error) {
    ctx.billing.onFailure('a failed plan change could not be reverted and will be retried', error)
  }
}
