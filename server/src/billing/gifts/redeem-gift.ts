import type { BillingContext } from '../context.ts'
import { knownPlan } from '../../catalogue/index.ts'
import { stateOf, type MembershipRow } from '../../membership/index.ts'
import { takeGift } from './commands.ts'
import { invalidGiftCode, normaliseGiftCode } from './gift-code.ts'
import { throwConflict } from '../offer.ts'
import { giftByCode } from './queries.ts'

/**
 * Redeems a gift for a member. Makes no call to the payment provider, because the gift is already paid for.
 *
 * @throws NOT_FOUND with one message for a malformed, unknown, redeemed or refunded code. CONFLICT if the member's paid plan includes
 *   the gift; the code then stays valid
 */
export async function redeemGift(ctx: BillingContext, memberId: string, text: string): Promise<MembershipRow> {
  const code = normaliseGiftCode(text)
  const gift = code === null ? null : await giftByCode(ctx.db, code)
  if (gift === null) throw invalidGiftCode()
  const [catalogue, held] = await Promise.all([ctx.catalogue(), ctx.membership.memberships.load(memberId)])
  const paysForAsMuch = held.some(
    (membership) =>
      membership.source === 'PAYMENT' &&
      stateOf(membership, ctx.now).kind === 'live' &&
      (membership.planId === gift.planId || knownPlan(catalogue, membership.planId).includedPlanIds.has(gift.planId)),
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
