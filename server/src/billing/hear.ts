import type { Context } from '../graphql/context-types.ts'
import { payerOf } from './queries.ts'
import type { SubscriptionRow } from './types.ts'

const firstPauseMilliseconds = 60
const longestPauseMilliseconds = 300

/**
 * Waits until the provider's own word of a change has come in and been read, so that the answer, and the next query, show it.
 * The change is made either way: what is not heard in time is shown as it stands, and comes a moment later.
 *
 * @param isSo whether our records say it
 */
export async function untilHeard(
  ctx: Context,
  memberId: string,
  isSo: (subscription: SubscriptionRow) => boolean,
): Promise<void> {
  const giveUp = performance.now() + ctx.billing.hearingMilliseconds
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 1.4, longestPauseMilliseconds)) {
    const late = performance.now() >= giveUp
    const payer = await payerOf(ctx.db, memberId)
    if (payer?.subscription && isSo(payer.subscription)) return forget(ctx, memberId)
    if (late) break
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  ctx.billing.onFailure(
    'a change was made, and its webhook has not come in yet',
    new Error(`nothing was heard of it within ${ctx.billing.hearingMilliseconds} ms`),
  )
  forget(ctx, memberId)
}

function forget(ctx: Context, memberId: string): void {
  ctx.billing.forget()
  ctx.membership.memberships.clear(memberId)
}
