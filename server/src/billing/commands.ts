import type { Database, Transaction } from '../db/index.ts'
import { badInput } from '../lib/errors.ts'
import { giveGiftMembership, type MembershipRow } from '../membership/index.ts'
import { invalidGiftCode } from './gifts/gift-code.ts'
import { customerIdOf, type CheckoutRow } from './queries.ts'
import type { OurPrice, OurPromotion } from './catalogue-sync/plan-steps.ts'
import type { GiftRow } from './types.ts'
import type { Interval } from '../catalogue/index.ts'

/** Notes that a customer is gone at the provider. The member's next purchase makes a new one; events of the old one stay theirs. */
export async function retireCustomer(db: Database, customerId: string, now: Date): Promise<void> {
  await db.billingCustomer.updateMany({ where: { customerId, goneAt: null }, data: { goneAt: now } })
}

/** Remembers which customer of the provider a member is. The first one counts, whoever else makes one at the same time. */
export async function keepCustomer(db: Database, memberId: string, customerId: string, now: Date): Promise<string> {
  await db.billingCustomer.createMany({ data: [{ customerId, memberId, createdAt: now }], skipDuplicates: true })
  const kept = await customerIdOf(db, memberId)
  if (kept === null) throw new Error('a customer was stored and cannot be found')
  return kept
}

/**
 * Makes a checkout the member's only one, in place of the one that was looked at before. One statement: of two windows at the
 * same time one gets it.
 *
 * @param previous the one that it takes the place of, as it was looked at; null: there was none
 * @returns whether it did; else the member has begun another one since
 */
export async function claimCheckout(
  db: Database,
  checkout: Omit<CheckoutRow, 'sessionId'>,
  previous: Pick<CheckoutRow, 'attempt' | 'sessionId'> | null,
): Promise<boolean> {
  const { memberId, attempt, planId, interval, returnTo, expiresAt } = checkout
  const count = await db.$executeRaw`
    INSERT INTO checkout (member_id, attempt, plan_id, "interval", return_to, expires_at)
    VALUES (${memberId}::uuid, ${attempt}::uuid, ${planId}::uuid, ${interval}::price_interval, ${returnTo}, ${expiresAt})
    ON CONFLICT (member_id) DO UPDATE SET attempt = EXCLUDED.attempt, plan_id = EXCLUDED.plan_id,
      "interval" = EXCLUDED."interval", return_to = EXCLUDED.return_to, expires_at = EXCLUDED.expires_at,
      session_id = NULL
    WHERE checkout.attempt = ${previous?.attempt ?? null}::uuid AND checkout.session_id IS NOT DISTINCT FROM ${previous?.sessionId ?? null}`
  return count > 0
}

/** Gives up an attempt that has no session yet. */
export async function dropCheckout(db: Database, attempt: string): Promise<void> {
  await db.checkout.deleteMany({ where: { attempt, sessionId: null } })
}

/** Notes the provider's session of an attempt. @returns false when another checkout has taken its place meanwhile */
export async function keepSession(db: Database, attempt: string, { id }: { readonly id: string }): Promise<boolean> {
  const { count } = await db.checkout.updateMany({
    where: { attempt, OR: [{ sessionId: null }, { sessionId: id }] },
    data: { sessionId: id },
  })
  return count > 0
}

/**
 * Turns a gift into a membership, once: of any number at the same time one gets it, and of the others nothing is left.
 *
 * @throws NOT_FOUND when somebody else was faster, or its payment was taken back
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

/** Notes which product of the provider a plan is. */
export async function noteProduct(db: Database, planId: string, productId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.billingProduct.deleteMany({ where: { planId } })
    await tx.billingProduct.create({ data: { planId, productId }, select: { planId: true } })
  })
}

/** Sells a plan at a price of the provider from now on. The one before is kept: whoever pays it is still to be recognised. */
export async function notePrice(
  db: Database,
  planId: string,
  { priceId, interval, amountMinor, currency }: OurPrice & { readonly priceId: string },
  now: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.billingPrice.updateMany({
      where: { planId, interval, archivedAt: null, priceId: { not: priceId } },
      data: { archivedAt: now },
    })
    const { count } = await tx.billingPrice.updateMany({ where: { priceId, planId }, data: { archivedAt: null } })
    if (count > 0) return
    const price = { priceId, planId, interval, amountMinor, currency }
    await tx.billingPrice.create({ data: price, select: { priceId: true } })
  })
}

/** Sells a plan no more by the month, or by the year. */
export async function withdrawPrice(db: Database, planId: string, interval: Interval, now: Date): Promise<void> {
  await db.billingPrice.updateMany({ where: { planId, interval, archivedAt: null }, data: { archivedAt: now } })
}

export async function notePromotion(
  db: Database,
  code: string,
  { promotionCodeId, couponId }: { readonly promotionCodeId: string; readonly couponId: string },
): Promise<void> {
  await db.promotion.updateMany({ where: { code }, data: { promotionCodeId, couponId } })
}

export type NewPromotion = Omit<OurPromotion, 'active' | 'promotionCodeId'>

/**
 * Begins a promotion, or takes up one that was retired. What it gives is fixed with its code: the provider would not change it
 * either, and whoever was told of it relies on it.
 *
 * @throws BAD_USER_INPUT for a code that gives something else
 */
export async function promote(db: Database, promotion: NewPromotion, now: Date): Promise<'begun' | 'taken up'> {
  const { count } = await db.promotion.createMany({ data: [{ ...promotion, createdAt: now }], skipDuplicates: true })
  if (count > 0) return 'begun'
  const { code, ...terms } = promotion
  const taken = await db.promotion.updateMany({ where: { code, ...terms }, data: { active: true } })
  if (taken.count > 0) return 'taken up'
  throw badInput(`The code ${code} already exists with other terms. Choose another code.`)
}

/** Ends a promotion: nobody can use its code any more; who did keeps what it gave. @throws BAD_USER_INPUT for an unknown one */
export async function retirePromotion(db: Database, code: string): Promise<void> {
  const { count } = await db.promotion.updateMany({ where: { code }, data: { active: false } })
  if (count === 0) throw badInput(`There is no promotion ${code}.`)
}
