import type Stripe from 'stripe'
import { changePriceForFree, standingOf } from '../provider-subscription.ts'
import { answerOf } from '../stripe.ts'
import type { TakenTask } from './commands.ts'

/**
 * Makes the calls of a task. Idempotent: what is done already is found done.
 *
 * @throws what `billingFailure` makes of the provider's errors
 */
export async function doTask(
  stripe: Stripe,
  { subscriptionId, task }: Pick<TakenTask, 'subscriptionId' | 'task'>,
): Promise<void> {
  const standing = await standingOf(stripe, subscriptionId)
  // Over, or gone from the provider: nobody is charged.
  if (standing === null) return
  if (task.kind === 'CANCEL') await answerOf(stripe.subscriptions.cancel(subscriptionId))
  else await changePriceForFree(stripe, standing, task.priceId)
}
