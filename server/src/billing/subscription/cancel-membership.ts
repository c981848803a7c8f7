import type { BillingContext } from '../context.ts'
import { waitForWebhook } from './wait-for-webhook.ts'
import { throwConflict, requireProviderClient } from '../offer.ts'
import { deleteUndoTask } from '../provider-tasks/index.ts'
import { releaseSchedule } from '../provider/schedules.ts'
import { resume, setCancelAtPeriodEnd, subscriptionOf } from '../provider/subscriptions.ts'
import { cancellationBlocker } from './purchase-eligibility.ts'
import type { SubscriptionRow } from '../types.ts'

/**
 * Cancels a paid membership at the end of its period, and a scheduled change of plan with it.
 *
 * @throws CONFLICT without a paid membership; SERVICE_UNAVAILABLE
 */
export async function cancelMembership(ctx: BillingContext, memberId: string): Promise<void> {
  await setCancelled(ctx, memberId, true)
}

/** Undoes a cancellation or a scheduled change of plan. @throws CONFLICT without a paid membership; SERVICE_UNAVAILABLE */
export async function keepMembership(ctx: BillingContext, memberId: string): Promise<void> {
  await setCancelled(ctx, memberId, false)
}

async function setCancelled(ctx: BillingContext, memberId: string, cancelled: boolean): Promise<void> {
  const stripe = requireProviderClient(ctx)
  const row = (await ctx.billing.payer(memberId))?.subscription ?? null
  throwConflict(cancellationBlocker(row?.membership ?? null, ctx.now))
  if (row === null) throw new Error('a cancellation without a subscription was not refused')
  const isApplied = ({ membership, next }: SubscriptionRow) =>
    membership.cancelAtPeriodEnd === cancelled && next === null
  await deleteUndoTask(ctx.db, row.subscriptionId)
  const found = await subscriptionOf(stripe, row)
  await releaseSchedule(stripe, found)
  // The provider's own page may have set a date of cancellation instead.
  if (found.cancelsAtDate) await resume(stripe, found)
  if (found.cancelAtPeriodEnd !== cancelled) await setCancelAtPeriodEnd(stripe, found.id, cancelled)
  await waitForWebhook(ctx, memberId, isApplied)
}
