import type { Interval } from '../../catalogue/index.ts'
import type { Queryable } from '../../db/index.ts'

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
