import { planNames, type Interval } from '../../catalogue/index.ts'
import type { Database, Transaction } from '../../db/index.ts'
import { membershipsByIds } from '../../membership/index.ts'
import type { FoldOptions } from './fold/fold.ts'
import { ledgerEntry, reasonToIgnore, type LedgerEntry } from './ledger-entry.ts'

const entryColumns = { id: true, invoiceId: true, paymentIntentId: true, payload: true, outcome: true } as const

export interface StoredEntry extends LedgerEntry {
  readonly outcome: 'APPLIED' | 'IGNORED' | 'PENDING'
}

/** Finds the customer of an event that does not name one, through an event that shares its invoice or its payment. */
export async function findCustomer(
  tx: Transaction,
  { invoiceId, paymentIntentId }: Pick<LedgerEntry, 'invoiceId' | 'paymentIntentId'>,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ customerId: string }[]>`
    WITH invoices AS (
      SELECT ${invoiceId}::text AS id
      UNION SELECT invoice_id FROM billing_event WHERE payment_intent_id = ${paymentIntentId} AND customer_id IS NULL
    )
    SELECT customer_id AS "customerId" FROM billing_event
    WHERE customer_id IS NOT NULL
      AND (payment_intent_id = ${paymentIntentId} OR invoice_id IN (SELECT id FROM invoices WHERE id IS NOT NULL))
    LIMIT 1`
  return rows[0]?.customerId ?? null
}

/**
 * Returns the events of a member's customers that are not ignored: those that name a customer, and those that share an invoice or a
 * payment with them.
 *
 * @param livemode whether the secret key is of live mode
 */
export async function entriesOf(
  tx: Transaction,
  customerIds: readonly string[],
  livemode: boolean,
): Promise<StoredEntry[]> {
  const named = await tx.billingEvent.findMany({
    where: { customerId: { in: [...customerIds] }, outcome: { not: 'IGNORED' } },
    select: entryColumns,
  })
  let found = named
  // An invoice leads to its payment, the payment to its dispute.
  for (let step = 0; step < 2; step += 1) {
    const invoices = found.map(({ invoiceId }) => invoiceId).filter((id) => id !== null)
    const payments = found.map(({ paymentIntentId }) => paymentIntentId).filter((id) => id !== null)
    const tied = await tx.billingEvent.findMany({
      where: {
        customerId: null,
        outcome: { not: 'IGNORED' },
        OR: [{ invoiceId: { in: invoices } }, { paymentIntentId: { in: payments } }],
      },
      select: entryColumns,
    })
    const known = new Set(found.map(({ id }) => id))
    const more = tied.filter(({ id }) => !known.has(id))
    if (more.length === 0) break
    found = [...found, ...more]
  }
  // An event of another mode or account may have been applied by an earlier version of this code.
  return found
    .map(({ payload, outcome }) => ({ ...ledgerEntry(payload), outcome }))
    .filter((entry) => reasonToIgnore(entry, livemode) === null)
}

/** Returns the plan and interval of each stored price, including archived ones, which subscribers may still pay. */
async function plansByPrice(tx: Transaction): Promise<ReadonlyMap<string, { planId: string; interval: Interval }>> {
  const rows = await tx.billingPrice.findMany({ select: { priceId: true, planId: true, interval: true } })
  return new Map(rows.map(({ priceId, ...price }) => [priceId, price]))
}

/** Loads the prices and the options of the fold. */
export async function ledgerContext(tx: Transaction, graceMilliseconds: number) {
  const prices = await plansByPrice(tx)
  const plans = new Set((await planNames(tx)).map(({ id }) => id))
  const foldOptions: FoldOptions = {
    planOfPrice: (priceId) => prices.get(priceId)?.planId,
    isPlan: (planId) => plans.has(planId),
    graceMilliseconds,
  }
  return { prices, foldOptions }
}

/** A member with all customers that the member has had at the provider. */
interface KnownPayer {
  readonly memberId: string
  readonly customerIds: readonly string[]
}

/**
 * Returns the member of a customer, and locks the member's customers until the end of the transaction, so that writes are
 * serialised.
 */
export async function lockPayer(tx: Transaction, customerId: string): Promise<KnownPayer | null> {
  const rows = await tx.$queryRaw<{ memberId: string; customerId: string }[]>`
    SELECT member_id::text AS "memberId", customer_id AS "customerId" FROM billing_customer
    WHERE member_id = (SELECT member_id FROM billing_customer WHERE customer_id = ${customerId})
    ORDER BY customer_id FOR UPDATE`
  return payerIn(rows)
}

/** Returns the member of a customer without locking. */
export async function payerOfCustomer(tx: Transaction, customerId: string): Promise<KnownPayer | null> {
  const customer = await tx.billingCustomer.findUnique({ where: { customerId }, select: { memberId: true } })
  if (customer === null) return null
  const { memberId } = customer
  return payerIn(
    await tx.billingCustomer.findMany({ where: { memberId }, select: { memberId: true, customerId: true } }),
  )
}

function payerIn(rows: readonly { readonly memberId: string; readonly customerId: string }[]): KnownPayer | null {
  const [first] = rows
  return first ? { memberId: first.memberId, customerIds: rows.map(({ customerId }) => customerId) } : null
}

/** The number of events that are loaded at a time. An event may have half a megabyte. */
const chunk = 200

/** Finds ignored events since an instant that would be applied now, because the secret key or this code has changed. */
export async function* ignoredEventsToApply(db: Database, since: Date, livemode: boolean): AsyncGenerator<string[]> {
  for (let after = -1n; ;) {
    const rows = await db.billingEvent.findMany({
      where: { outcome: 'IGNORED', receivedAt: { gte: since }, sequence: { gt: after } },
      select: { id: true, sequence: true, payload: true },
      orderBy: { sequence: 'asc' },
      take: chunk,
    })
    const last = rows.at(-1)
    if (!last) return
    after = last.sequence
    const applicable = rows.filter(({ payload }) => reasonToIgnore(ledgerEntry(payload), livemode) === null)
    if (applicable.length > 0) yield applicable.map(({ id }) => id)
  }
}

/** Returns the customers with events that were received since an instant. */
export async function customersWithEventsSince(tx: Transaction, since: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ customerId: string }[]>`
    SELECT DISTINCT known.customer_id AS "customerId"
    FROM billing_event event
    JOIN billing_event known ON known.customer_id = event.customer_id
      OR (event.customer_id IS NULL AND known.customer_id IS NOT NULL
        AND (known.invoice_id = event.invoice_id OR known.payment_intent_id = event.payment_intent_id))
    WHERE event.received_at >= ${since}
    ORDER BY 1`
  return rows.map(({ customerId }) => customerId)
}

/** Returns the ids that are not in the ledger. */
export async function unknownAmong(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const unknown = new Set(ids)
  for (let from = 0; from < ids.length; from += 1_000) {
    const chunk = ids.slice(from, from + 1_000)
    const known = await db.billingEvent.findMany({ where: { id: { in: chunk } }, select: { id: true } })
    for (const { id } of known) unknown.delete(id)
  }
  return unknown
}

/** Returns the stored membership and price of a subscription, or null if the subscription is not stored. */
export async function storedMembershipOf(tx: Transaction, subscriptionId: string) {
  const row = await tx.billingSubscription.findUnique({
    where: { subscriptionId },
    select: { priceId: true, membershipId: true },
  })
  if (row === null) return null
  const [membership] = await membershipsByIds(tx, [row.membershipId])
  if (!membership) throw new Error('the membership of a subscription is missing')
  return { ...membership, priceId: row.priceId }
}

/** Returns the stored subscriptions that are not in a list and have not ended. */
export async function subscriptionIdsExcept(db: Database, ids: readonly string[]): Promise<string[]> {
  const seen = new Set(ids)
  const stored = await db.billingSubscription.findMany({ select: { subscriptionId: true, membershipId: true } })
  const unseen = stored.filter(({ subscriptionId }) => !seen.has(subscriptionId))
  const memberships = await membershipsByIds(
    db,
    unseen.map(({ membershipId }) => membershipId),
  )
  const running = new Set(memberships.filter(({ status }) => status !== 'ENDED').map(({ id }) => id))
  return unseen.filter(({ membershipId }) => running.has(membershipId)).map(({ subscriptionId }) => subscriptionId)
}
