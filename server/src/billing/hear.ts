import type { BillingContext } from './context.ts'
import { payerOf } from './queries.ts'
import type { SubscriptionRow } from './types.ts'

/**
 * Waits until the provider's own word of a change has come in and been read, so that the answer, and the next query, show it.
 * The change is made either way: what is not heard in time is shown as it stands, and comes a moment later.
 *
 * @param isSo whether our records say it
 */
export async function untilHeard(
  ctx: BillingContext,
  memberId: string,
  isSo: (subscription: SubscriptionRow) => boolean,
): Promise<void> {
  const { changes, hearingMilliseconds } = ctx.billing
  let isLate = false
  let onChange: () => void = () => undefined
  const stop = changes.follow(memberId, () => onChange())
  const timer = setTimeout(() => {
    isLate = true
    onChange()
  }, hearingMilliseconds)
  try {
    for (;;) {
      // Before we look, so that what happens meanwhile is not missed.
      const changed = new Promise<void>((resolve) => (onChange = resolve))
      const wasLate = isLate
      const payer = await payerOf(ctx.db, memberId)
      if (payer?.subscription && isSo(payer.subscription)) return
      if (wasLate) break
      await changed
    }
    ctx.billing.onFailure(
      'a change was made, and its webhook has not come in yet',
      new Error(`nothing was heard of it within ${hearingMilliseconds} ms`),
    )
  } finally {
    clearTimeout(timer)
    stop()
    ctx.billing.forget()
    ctx.membership.memberships.clear(memberId)
  }
}
