import type { Database } from '../../db/index.ts'

/** A subscription of the provider and the membership that it pays for. */
export interface SubscriptionLink {
  readonly memberId: string
  readonly membershipId: string
  readonly customerId: string
  readonly subscriptionId: string
  readonly priceId: string
  /** The status that the provider reports, such as `active`. */
  readonly providerStatus: string
}

/**
 * Stores which subscription of the provider pays for a membership, and its customer. Replaces the earlier subscription of the
 * membership, and marks the member's other customers as deleted.
 */
export async function linkSubscription(db: Database, link: SubscriptionLink, now: Date): Promise<void> {
  const { memberId, membershipId, customerId, subscriptionId, priceId, providerStatus } = link
  await db.$transaction(async (tx) => {
    await tx.billingSubscription.deleteMany({ where: { membershipId } })
    await tx.billingCustomer.updateMany({
      where: { memberId, customerId: { not: customerId }, goneAt: null },
      data: { goneAt: now },
    })
    const customer = { memberId, createdAt: now, goneAt: null }
    await tx.billingCustomer.upsert({ where: { customerId }, create: { customerId, ...customer }, update: customer })
    await tx.billingSubscription.create({ data: { subscriptionId, customerId, membershipId, providerStatus, priceId } })
  })
}
