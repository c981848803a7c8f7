import type { BillingContext } from '../context.ts'
import { waitForWebhook } from './wait-for-webhook.ts'
import { throwConflict, requireProviderClient } from '../checkout/offer.ts'
import { dropUndo } from '../outbox/index.ts'
import { withoutCancellation, releaseSchedule, subscriptionOf } from '../provider/subscriptions.ts'
import { cancellationBlocker } from './purchase-eligibility.ts'
import { done } from '../provider/calls.ts'
import type { SubscriptionRow } from '../types.ts'

/**
 * Ends a paid membership with its present period. A change of plan that was to come then comes to nothing.
 *
 * @throws CONFLICT without a paid membership; SERVICE_UNAVAILABLE
 */
export async function cancelMembership(ctx: BillingContext, memberId: string): Promise<void> {
  await setCancelled(ctx, memberId, true)
}

/** Takes back a cancellation, or a change of plan that is to come. @throws likewise */
export async function keepMembership(ctx: BillingContext, memberId: string): Promise<void> {
  await setCancelled(ctx, memberId, false)
}

async function setCancelled(ctx: BillingContext, memberId: string, cancelled: boolean): Promise<void> {
  const stripe = requireProviderClient(ctx)
  const row = (await ctx.billing.payer(memberId))?.subscription ?? null
  throwConflict(cancellationBlocker(row?.membership ?? null, ctx.now))
  if (row === null) throw new Error('a cancellation without a subscription was not refused')
  const isSo = ({ membership, next }: SubscriptionRow) => membership.cancelAtPeriodEnd === cancelled && next === null
  await dropUndo(ctx.db, row.subscriptionId)
  const found = await subscriptionOf(stripe, row)
  await releaseSchedule(stripe, found)
  // The provider's own page may have cancelled by a date instead.
  if (found.cancelsAtDate) await done(stripe.subscriptions.update(found.id, withoutCancellation(found)))
  if (found.cancelAtPeriodEnd !== cancelled) {
    await done(stripe.subscriptions.update(found.id, { cancel_at_period_end: cancelled }))
  }
  await waitForWebhook(ctx, memberId, isSo)
}
