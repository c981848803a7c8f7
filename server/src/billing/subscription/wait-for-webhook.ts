import type { BillingContext } from '../context.ts'
import { payerOf } from './queries.ts'
import type { SubscriptionRow } from '../types.ts'

/**
 * Waits until the webhook of a change has been processed, so that the response and the next query show the change. Gives up after
 * `webhookWaitMilliseconds`. The change is made in either case, but the response then shows the state before it.
 *
 * @param isApplied whether the stored subscription shows the change
 */
export async function waitForWebhook(
  ctx: BillingContext,
  memberId: string,
  isApplied: (subscription: SubscriptionRow) => boolean,
): Promise<void> {
  const { changes, webhookWaitMilliseconds } = ctx.billing
  let isLate = false
  let onChange: () => void = () => undefined
  const unsubscribe = changes.subscribe(memberId, () => onChange())
  const timer = setTimeout(() => {
    isLate = true
    onChange()
  }, webhookWaitMilliseconds)
  try {
    for (;;) {
      // Registered before the query, so that a change during the query is not missed.
      const changed = new Promise<void>((resolve) => (onChange = resolve))
      const wasLate = isLate
      const payer = await payerOf(ctx.db, memberId)
      if (payer?.subscription && isApplied(payer.subscription)) return
      if (wasLate) break
      await changed
    }
    ctx.billing.onFailure(
      'a change was made, but its webhook has not arrived yet',
      new Error(`no webhook arrived within ${webhookWaitMilliseconds} ms`),
    )
  } finally {
    clearTimeout(timer)
    unsubscribe()
    ctx.billing.forget()
    ctx.membership.memberships.clear(memberId)
  }
}
