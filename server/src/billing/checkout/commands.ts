import type { Database } from '../../db/index.ts'
import { customerIdOf, type CheckoutRow } from './queries.ts'

/** Marks a customer as deleted at the provider. The member's next purchase creates a new one. Events of the old one still count. */
export async function retireCustomer(db: Database, customerId: string, now: Date): Promise<void> {
  await db.billingCustomer.updateMany({ where: { customerId, goneAt: null }, data: { goneAt: now } })
}

/** Stores a member's customer at the provider. @returns the stored customer; of concurrent calls, the first one stores it */
export async function saveCustomer(db: Database, memberId: string, customerId: string, now: Date): Promise<string> {
  await db.billingCustomer.createMany({ data: [{ customerId, memberId, createdAt: now }], skipDuplicates: true })
  const kept = await customerIdOf(db, memberId)
  if (kept === null) throw new Error('a customer was stored and cannot be found')
  return kept
}

/**
 * Replaces the member's checkout, unless it has changed since it was read. A single statement, so that one of two concurrent calls
 * succeeds.
 *
 * @param previous the checkout to replace, as it was read, or null if there was none
 * @returns false if the member's checkout has changed since
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

/** Deletes a checkout, unless it has a session. */
export async function deleteCheckout(db: Database, attempt: string): Promise<void> {
  await db.checkout.deleteMany({ where: { attempt, sessionId: null } })
}

/** Stores the provider's session of a checkout. @returns false if another checkout has replaced it */
export async function saveSession(db: Database, attempt: string, { id }: { readonly id: string }): Promise<boolean> {
  const { count } = await db.checkout.updateMany({
    where: { attempt, OR: [{ sessionId: null }, { sessionId: id }] },
    data: { sessionId: id },
  })
  return count > 0
}
