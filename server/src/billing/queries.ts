import type { Queryable } from '../db/index.ts'
import { storedPlans, type PriceRow, type Interval } from '../catalogue/index.ts'
import { membershipColumns } from '../membership/index.ts'
import type { ProviderTask } from './outbox/kind.ts'
import type { OurPlan, OurPromotion } from './catalogue-sync/plan-steps.ts'
import type { GiftRow, SubscriptionRow } from './types.ts'

/** Returns the member's customer at the provider; null for a member who never began to buy, or whose customer is gone. */
export async function customerIdOf(db: Queryable, memberId: string): Promise<string | null> {
  const row = await db.billingCustomer.findFirst({ where: { memberId, goneAt: null }, select: { customerId: true } })
  return row?.customerId ?? null
}

/** Returns the ids of a member's customers that are gone at the provider. */
export async function goneCustomersOf(db: Queryable, memberId: string): Promise<string[]> {
  const rows = await db.billingCustomer.findMany({
    where: { memberId, goneAt: { not: null } },
    select: { customerId: true },
    orderBy: { customerId: 'asc' },
  })
  return rows.map(({ customerId }) => customerId)
}

/** Returns all customers that are not known to be gone. */
export async function presentCustomers(db: Queryable): Promise<string[]> {
  const rows = await db.billingCustomer.findMany({ where: { goneAt: null }, select: { customerId: true } })
  return rows.map(({ customerId }) => customerId)
}

/** Returns the ids of all products that plans are sold as. */
export async function presentProducts(db: Queryable): Promise<string[]> {
  return (await db.billingProduct.findMany({ select: { productId: true } })).map(({ productId }) => productId)
}

export interface Payer {
  readonly customerId: string
  /** Of the paid membership that is not over; the one that runs before one whose first payment has not come through. */
  readonly subscription: SubscriptionRow | null
}

/** Whoever ever paid for a membership or a gift; null for everybody else. */
export async function payerOf(db: Queryable, memberId: string): Promise<Payer | null> {
  const customers = await db.billingCustomer.findMany({
    where: { memberId },
    orderBy: [{ goneAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
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
  const [latest] = customers
  if (!latest) return null
  const bought = customers.some(({ _count }) => _count.subscriptions > 0)
  if (!bought && (await db.gift.count({ where: { buyerId: memberId } })) === 0) return null
  const subscriptions = customers.flatMap((customer) => customer.subscriptions)
  const row = subscriptions.find(({ membership }) => membership.status !== 'INCOMPLETE') ?? subscriptions[0]
  if (!row) return { customerId: latest.customerId, subscription: null }
  const { priceId, nextPlanId, nextInterval, nextChangeAt, ...rest } = row
  const price = await db.billingPrice.findUniqueOrThrow({
    where: { priceId },
    select: { interval: true, amountMinor: true, currency: true },
  })
  const next =
    nextPlanId && nextInterval && nextChangeAt ? { planId: nextPlanId, interval: nextInterval, at: nextChangeAt } : null
  return { customerId: row.customerId, subscription: { ...rest, ...price, next } }
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

/** What is still to be done at the provider for a subscription; null: nothing is. */
export async function waitingTask(db: Queryable, subscriptionId: string) {
  return (await db.billingTask.findUnique({ where: { subscriptionId }, select: { kind: true } }))?.kind ?? null
}

/** Returns a task; null if it is done, dropped or replaced. */
export async function taskOf(db: Queryable, taskId: string) {
  const found = await db.billingTask.findUnique({
    where: { id: taskId },
    select: { subscriptionId: true, kind: true, priceId: true },
  })
  if (found === null) return null
  const { subscriptionId, kind, priceId } = found
  const task: ProviderTask = kind === 'CHANGE_PRICE' ? { kind, priceId: priceId ?? '' } : { kind }
  return { subscriptionId, task }
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

/** Returns the ids of a member's memberships that a subscription at the payment provider pays for. */
export async function subscribedMemberships(db: Queryable, memberId: string): Promise<string[]> {
  const rows = await db.billingSubscription.findMany({
    where: { membership: { memberId } },
    select: { membershipId: true },
  })
  return rows.map(({ membershipId }) => membershipId)
}
