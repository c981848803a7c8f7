import type { BillingContext } from '../context.ts'
import { knownPlan } from '../../catalogue/index.ts'
import { stateOf, type MembershipRow } from '../../membership/index.ts'
import { takeGift } from './commands.ts'
import { invalidGiftCode, normaliseGiftCode } from './gift-code.ts'
import { throwConflict } from '../offer.ts'
import { giftByCode } from './queries.ts'

/**
 * Redeems a gift for a member. Needs no payment provider: it was paid for long ago.
 *
 * @throws NOT_FOUND for whatever is no code that can be redeemed, all alike; CONFLICT, and the code stays good, for whoever pays
 * for as much
 */
export async function redeemGift(ctx: BillingContext, memberId: string, text: string): Promise<MembershipRow> {
  const code = normaliseGiftCode(text)
  const gift = code === null ? null : await giftByCode(ctx.db, code)
  if (gift === null) throw invalidGiftCode()
  const [catalogue, held] = await Promise.all([ctx.catalogue(), ctx.membership.memberships.load(memberId)])
  const paysForAsMuch = held.some(
    (one) =>
      one.source === 'PAYMENT' &&
      stateOf(one, ctx.now).kind === 'live' &&
      (one.planId === gift.planId || knownPlan(catalogue, one.planId).includedPlanIds.has(gift.planId)),
  )
  throwConflict(
    paysForAsMuch
      ? 'Your paid plan already includes this gift. The code stays valid: redeem it later, or give it to someone else.'
      : null,
  )
  const membership = await takeGift(ctx.db, gift, memberId, ctx.now)
  ctx.membership.memberships.clear(memberId)
  return membership
}
