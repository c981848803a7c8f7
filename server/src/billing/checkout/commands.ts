import type { Database } from '../../db/index.ts'
import { customerIdOf, type CheckoutRow } from './queries.ts'

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
