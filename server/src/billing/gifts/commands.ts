import type { Database, Transaction } from '../../db/index.ts'
import { giveGiftMembership, type MembershipRow } from '../../membership/index.ts'
import type { GiftRow } from '../types.ts'
import { invalidGiftCode } from './gift-code.ts'

/**
 * Turns a gift into a membership. Of several concurrent calls one succeeds. The others are rolled back.
 *
 * @throws NOT_FOUND if the gift has been redeemed or its payment was refunded
 */
export async function takeGift(db: Database, gift: GiftRow, memberId: string, now: Date): Promise<MembershipRow> {
  return db.$transaction(async (tx) => {
    const { planId, interval } = gift
    const cause = `gift ${gift.id}, redeemed`
    const membership = await giveGiftMembership(tx, { memberId, planId, interval }, cause, now)
    await claimGift(tx, gift.id, memberId, membership.id, now)
    return membership
  })
}

async function claimGift(
  tx: Transaction,
  id: string,
  memberId: string,
  membershipId: string,
  now: Date,
): Promise<void> {
  const { count } = await tx.gift.updateMany({
    where: { id, redeemedAt: null, voidedAt: null },
    data: { redeemedAt: now, redeemedById: memberId, membershipId },
  })
  if (count !== 1) throw invalidGiftCode()
}
