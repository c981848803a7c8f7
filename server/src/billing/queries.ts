import type { Queryable } from '../db/index.ts'
import { membershipColumns, storedPlans, type PriceRow } from '../membership/index.ts'
import type { OurPlan, OurPromotion } from './sync.ts'
import type { GiftRow, Interval, SubscriptionRow } from './types.ts'

/** The member's name at the provider; null: they never bought anything, nor began to. */
export async function customerIdOf(db: Queryable, memberId: string): Promise<string | null> {
  const row = await db.billingCustomer.findUnique({ where: { memberId }, select: { customerId: true } })
  return row?.customerId ?? null
}

export interface Payer {
  readonly customerId: string
  /** Of the paid membership that is not over; the one that runs before one whose first payment has not come through. */
  readonly subscription: SubscriptionRow | null
}

/** Whoever ever paid for a membership or a gift; null for everybody else. */
export async function payerOf(db: Queryable, memberId: string): Promise<Payer | null> {
  const customer = await db.billingCustomer.findUnique({
    where: { memberId },
    select: {
      customerId: true,
      _count: { select: { subscriptions: true } },
      subscriptions: {
        where: { membership: { status: { not: 'ENDED' } } },
        select: {
          subscriptionId: true,
          customerId: true,
          providerStatus: true,
          priceId: true,
          scheduleId: true,
          nextPlanId: true,
          nextInterval: true,
          nextChangeAt: true,
          membership: { select: membershipColumns },
        },
      },
    },
  })
  if (!customer) return null
  const { customerId, subscriptions, _count } = customer
  if (_count.subscriptions === 0 && (await db.gift.count({ where: { buyerId: memberId } })) === 0) return null
  const row = subscriptions.find(({ membership }) => membership.status !== 'INCOMPLETE') ?? subscriptions[0]
  if (!row) return { customerId, subscription: null }
  const { priceId, nextPlanId, nextInterval, nextChangeAt, ...rest } = row
  const price = await db.billingPrice.findUniqueOrThrow({
    where: { priceId },
    select: { interval: true, amountMinor: true, currency: true },
  })
  const next =
    nextPlanId && nextInterval && nextChangeAt ? { planId: nextPlanId, interval: nextInterval, at: nextChangeAt } : null
  return { customerId, subscription: { ...rest, ...price, next } }
}

export interface SoldPrice extends PriceRow {
  readonly priceId: string
}

/** What the provider has for sale of a plan; null: not synchronised. */
export async function priceOnSale(db: Queryable, planId: string, interval: Interval): Promise<SoldPrice | null> {
  return db.billingPrice.findFirst({
    where: { planId, interval, archivedAt: null },
    select: { priceId: true, amountMinor: true, currency: true },
  })
}

/** A plan's name at the provider; null: not synchronised. */
export async function productIdOf(db: Queryable, planId: string): Promise<string | null> {
  const row = await db.billingProduct.findUnique({ where: { planId }, select: { productId: true } })
  return row?.productId ?? null
}

export interface CheckoutRow {
  readonly memberId: string
  readonly attempt: string
  readonly planId: string
  readonly interval: Interval
  readonly returnTo: string
  readonly sessionId: string | null
  readonly expiresAt: Date
}

/** The checkout that a member has begun. */
export async function checkoutOf(db: Queryable, memberId: string): Promise<CheckoutRow | null> {
  return db.checkout.findUnique({
    where: { memberId },
    select: {
      memberId: true,
      attempt: true,
      planId: true,
      interval: true,
      returnTo: true,
      sessionId: true,
      expiresAt: true,
    },
  })
}

/** Whether our records know of a subscription: the provider has told us that it was bought. */
export async function isSubscriptionKnown(db: Queryable, subscriptionId: string): Promise<boolean> {
  return (await db.billingSubscription.count({ where: { subscriptionId } })) > 0
}

const giftColumns = {
  id: true,
  code: true,
  planId: true,
  interval: true,
  boughtAt: true,
  redeemedAt: true,
  voidedAt: true,
} as const

/** The gifts that a member bought, the latest first. */
export async function giftsBoughtBy(db: Queryable, memberId: string): Promise<GiftRow[]> {
  return db.gift.findMany({
    where: { buyerId: memberId },
    select: giftColumns,
    orderBy: [{ boughtAt: 'desc' }, { id: 'desc' }],
    take: 100,
  })
}

/** A gift that is still to be had. */
export async function giftByCode(db: Queryable, code: string): Promise<GiftRow | null> {
  return db.gift.findFirst({ where: { code, redeemedAt: null, voidedAt: null }, select: giftColumns })
}

/** Every plan with what we noted of it at the provider. */
export async function plansToSync(db: Queryable, now: Date): Promise<OurPlan[]> {
  const [plans, products, offered] = await Promise.all([
    storedPlans(db, now),
    db.billingProduct.findMany({ select: { planId: true, productId: true } }),
    db.billingPrice.findMany({ where: { archivedAt: null }, select: { planId: true, priceId: true, interval: true } }),
  ])
  return [...plans]
    .sort((a, b) => a.slug.localeCompare(b.slug, 'en'))
    .map(({ id, slug, name, description, onSale, monthly, yearly }) => ({
      planId: id,
      slug,
      name,
      description,
      onSale,
      prices: [
        ...(monthly ? [{ interval: 'MONTHLY' as const, ...monthly }] : []),
        ...(yearly ? [{ interval: 'YEARLY' as const, ...yearly }] : []),
      ],
      productId: products.find(({ planId }) => planId === id)?.productId ?? null,
      offered: offered.filter(({ planId }) => planId === id),
    }))
}

/** Every promotion, by code. */
export async function promotions(db: Queryable): Promise<OurPromotion[]> {
  return db.promotion.findMany({
    select: {
      code: true,
      percentOff: true,
      amountOffMinor: true,
      currency: true,
      duration: true,
      months: true,
      expiresAt: true,
      active: true,
      promotionCodeId: true,
    },
    orderBy: { code: 'asc' },
  })
}
