import type { Queryable } from '../../db/index.ts'
import type { GiftRow } from '../types.ts'

const giftColumns = {
  id: true,
  code: true,
  planId: true,
  interval: true,
  boughtAt: true,
  redeemedAt: true,
  voidedAt: true,
} as const

/** Returns the gifts that a member bought, the latest first, at most 100. */
export async function giftsBoughtBy(db: Queryable, memberId: string): Promise<GiftRow[]> {
  return db.gift.findMany({
    where: { buyerId: memberId },
    select: giftColumns,
    orderBy: [{ boughtAt: 'desc' }, { id: 'desc' }],
    take: 100,
  })
}

/** Returns the gift of a code, or null if the code is unknown, redeemed or refunded. */
export async function giftByCode(db: Queryable, code: string): Promise<GiftRow | null> {
  return db.gift.findFirst({ where: { code, redeemedAt: null, voidedAt: null }, select: giftColumns })
}
