import type { Queryable } from '../../db/index.ts'
import { countingMembership, membershipsOf } from '../../membership/index.ts'
import type { SubscriptionRow } from '../types.ts'

export interface Payer {
  readonly customerId: string
  /**
   * The subscription of the paid membership that has not ended. A running membership comes before one whose first payment has not
   * succeeded.
   */
  readonly subscription: SubscriptionRow | null
}

/** Returns the customer and the subscription of a member, or null for a member who never paid for a membership or a gift. */
export async function payerOf(db: Queryable, memberId: string): Promise<Payer | null> {
  const [customers, memberships] = await Promise.all([
    db.billingCustomer.findMany({
      where: { memberId },
      orderBy: [{ goneAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
      select: {
        customerId: true,
        subscriptions: {
          select: {
            subscriptionId: true,
            membershipId: true,
            customerId: true,
            providerStatus: true,
            priceId: true,
            scheduleId: true,
            nextPlanId: true,
            nextInterval: true,
            nextChangeAt: true,
          },
        },
      },
    }),
    membershipsOf(db, memberId),
  ])
  const [latest] = customers
  if (!latest) return null
  const all = customers.flatMap((customer) => customer.subscriptions)
  if (all.length === 0 && (await db.gift.count({ where: { buyerId: memberId } })) === 0) return null
  const paid = all.flatMap(({ membershipId, ...subscription }) => {
    const membership = memberships.find(({ id }) => id === membershipId)
    return membership ? [{ ...subscription, membership }] : []
  })
  const counting = countingMembership(paid.map(({ membership }) => membership))
  const row = paid.find(({ membership }) => membership === counting)
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

/** Returns whether a subscription is stored, so the webhook of its purchase has arrived. */
export async function isSubscriptionKnown(db: Queryable, subscriptionId: string): Promise<boolean> {
  return (await db.billingSubscription.count({ where: { subscriptionId } })) > 0
}

/** Returns the ids of a member's memberships that a subscription at the payment provider pays for. */
export async function subscribedMemberships(db: Queryable, memberId: string): Promise<string[]> {
  const rows = await db.billingSubscription.findMany({
    where: { customer: { memberId } },
    select: { membershipId: true },
  })
  return rows.map(({ membershipId }) => membershipId)
}
