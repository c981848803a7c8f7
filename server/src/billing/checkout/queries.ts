import type { Interval } from '../../catalogue/index.ts'
import type { Queryable } from '../../db/index.ts'

/** Returns the member's customer at the provider, or null if there is none or it was deleted there. */
export async function customerIdOf(db: Queryable, memberId: string): Promise<string | null> {
  const row = await db.billingCustomer.findFirst({ where: { memberId, goneAt: null }, select: { customerId: true } })
  return row?.customerId ?? null
}

/** Returns the ids of a member's customers that were deleted at the provider. */
export async function goneCustomersOf(db: Queryable, memberId: string): Promise<string[]> {
  const rows = await db.billingCustomer.findMany({
    where: { memberId, goneAt: { not: null } },
    select: { customerId: true },
    orderBy: { customerId: 'asc' },
  })
  return rows.map(({ customerId }) => customerId)
}

/** Returns the ids of all customers that are not marked as deleted at the provider. */
export async function presentCustomers(db: Queryable): Promise<string[]> {
  const rows = await db.billingCustomer.findMany({ where: { goneAt: null }, select: { customerId: true } })
  return rows.map(({ customerId }) => customerId)
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

/** Returns the checkout that a member has begun, or null. */
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
