import { v5 as uuidv5 } from 'uuid'
import type { Database, Transaction } from '../../db/index.ts'
import { ImpossibleChange, savePaidMembership, voidGiftMembership } from '../../membership/index.ts'
import { makeGiftCode } from '../gifts/gift-code.ts'
import { storeTasks } from '../provider-tasks/index.ts'
import { foldCustomer, type FoldedSubscription } from './fold/fold.ts'
import type { BoughtGift } from './fold/gifts-bought.ts'
import type { Ignored, LedgerEntry } from './ledger-entry.ts'
import type { UnstorableEvent } from './delivery/read-delivery.ts'
import { entriesOf, lockPayer, ledgerContext, type StoredEntry } from './queries.ts'

/** Derives the ids of rows from the provider's ids, so that a repeated write finds the same row. */
const namespace = '9f6d3a52-7c55-4c0e-8d7e-0d6b7f6a1c11'
export const membershipIdOf = (subscriptionId: string): string => uuidv5(subscriptionId, namespace)
const giftIdOf = (sessionId: string): string => uuidv5(sessionId, namespace)

/**
 * Writes an event into the ledger once.
 *
 * @param ignored    why the event is stored but not applied, or null if it is to be applied
 * @param receivedAt wall time
 * @returns false if the event was already stored
 */
export async function recordEvent(
  tx: Transaction,
  entry: LedgerEntry,
  ignored: Ignored | null,
  receivedAt: Date,
): Promise<boolean> {
  const { id, type, apiVersion, occurredAt, customerId, invoiceId, paymentIntentId } = entry
  // Events that share an invoice or a payment are stored one after the other, because each may name the customer of the other.
  const keys = [invoiceId, paymentIntentId].filter((key) => key !== null).sort()
  for (const key of keys) await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 42))`
  const payload: object = entry.payload
  const outcome = ignored === null ? ('PENDING' as const) : ('IGNORED' as const)
  const note = ignored?.note ?? 'not applied yet'
  const row = { id, type, apiVersion, occurredAt, customerId, invoiceId, paymentIntentId }
  const { count } = await tx.billingEvent.createMany({
    data: [{ ...row, payload, receivedAt, outcome, note }],
    skipDuplicates: true,
  })
  return count > 0
}

/**
 * Stores the bytes of an event that cannot be stored as JSON, once. The event stays pending until a person handles it.
 *
 * @param receivedAt wall time
 * @returns false if the bytes were already stored
 */
export async function recordBytes(
  db: Database,
  { id, type, occurredAt, body, note }: UnstorableEvent,
  receivedAt: Date,
): Promise<boolean> {
  const kept = { id, type, occurredAt: occurredAt ?? receivedAt, payload: {}, body: Uint8Array.from(body) }
  const { count } = await db.billingEvent.createMany({
    data: [{ ...kept, receivedAt, outcome: 'PENDING', note }],
    skipDuplicates: true,
  })
  return count > 0
}

/** Marks ignored events as pending, so that they are applied. */
export async function markPending(db: Database, ids: readonly string[]): Promise<void> {
  await db.billingEvent.updateMany({
    where: { id: { in: [...ids] }, outcome: 'IGNORED' },
    data: { outcome: 'PENDING', note: 'not applied yet' },
  })
}

interface AppliedCustomer {
  /** The reasons why events are pending, by event id. */
  readonly pending: ReadonlyMap<string, string>
  /** The number of waiting provider tasks. */
  readonly tasks: number
  /** The number of memberships and gifts that were written. */
  readonly changes: number
}

interface ApplyOptions {
  readonly graceMilliseconds: number
  /** Whether the secret key is of live mode. */
  readonly livemode: boolean
  /** The cause of the change, for the membership history. */
  readonly cause: string
  /** Business time. */
  readonly now: Date
  /** Wall time. */
  readonly wallNow: Date
}

/**
 * Recomputes the memberships and gifts of a customer's member from the ledger and saves the differences. Uses the events of all
 * customers that the member has had. Nothing else writes a paid membership.
 */
export async function applyCustomer(
  tx: Transaction,
  customerId: string,
  { graceMilliseconds, livemode, cause, now, wallNow }: ApplyOptions,
): Promise<AppliedCustomer> {
  const payer = await lockPayer(tx, customerId)
  const entries = await entriesOf(tx, payer?.customerIds ?? [customerId], livemode)
  if (payer === null) {
    const pending = new Map(entries.map(({ id }) => [id, `the customer ${customerId} belongs to no member`]))
    await saveOutcomes(tx, entries, pending)
    return { pending, tasks: 0, changes: 0 }
  }
  const { memberId } = payer
  const { prices, foldOptions } = await ledgerContext(tx, graceMilliseconds)
  const { subscriptions, gifts, pending: notFolded } = foldCustomer(entries, foldOptions)
  const pending = new Map(notFolded)
  let changes = 0
  for (const subscription of subscriptions) {
    try {
      changes += await saveSubscription(tx, { memberId, subscription, prices, cause, now })
    } catch (error) {
      // Nothing of the subscription was written. The stored membership stays, and the event is reported as pending.
      if (!(error instanceof ImpossibleChange)) throw error
      pending.set(subscription.eventId, error.message)
    }
  }
  for (const gift of gifts) changes += await saveGift(tx, memberId, gift, cause, now)
  await deleteEndedCheckouts(tx, entries, new Set(subscriptions.map(({ subscriptionId }) => subscriptionId)))
  await saveOutcomes(tx, entries, pending)
  const tasks = await storeTasks(tx, subscriptions, wallNow)
  return { pending, tasks, changes }
}

interface SubscriptionToSave {
  readonly memberId: string
  readonly subscription: FoldedSubscription
  readonly prices: Awaited<ReturnType<typeof ledgerContext>>['prices']
  readonly cause: string
  readonly now: Date
}

async function saveSubscription(
  tx: Transaction,
  { memberId, subscription, prices, cause, now }: SubscriptionToSave,
): Promise<number> {
  const { subscriptionId, customerId, providerStatus, priceId, scheduleId, next } = subscription
  const known = await tx.billingSubscription.findUnique({ where: { subscriptionId }, select: { membershipId: true } })
  const membershipId = known?.membershipId ?? membershipIdOf(subscriptionId)
  const { planId, status, startedAt, currentPeriodEnd, cancelAtPeriodEnd, graceEndsAt, endedAt } = subscription
  const changed = await savePaidMembership(
    tx,
    {
      id: membershipId,
      memberId,
      planId,
      status,
      startedAt,
      currentPeriodEnd,
      cancelAtPeriodEnd,
      graceEndsAt,
      endedAt,
    },
    cause,
    now,
  )
  const nextPrice = next && prices.get(next.priceId)
  const columns = {
    customerId,
    providerStatus,
    priceId,
    scheduleId,
    nextPlanId: nextPrice?.planId ?? null,
    nextInterval: nextPrice?.interval ?? null,
    nextChangeAt: nextPrice ? next.at : null,
  }
  if (known)
    await tx.billingSubscription.update({ where: { subscriptionId }, data: columns, select: { subscriptionId: true } })
  else
    await tx.billingSubscription.create({
      data: { subscriptionId, membershipId, ...columns },
      select: { subscriptionId: true },
    })
  return changed ? 1 : 0
}

async function saveGift(tx: Transaction, buyerId: string, gift: BoughtGift, cause: string, now: Date): Promise<number> {
  const { sessionId, planId, interval, amountMinor, currency, boughtAt, reversedAt } = gift
  const bought = { sessionId, planId, amountMinor, currency, buyerId, boughtAt }
  const data = interval === null ? [] : [{ id: giftIdOf(sessionId), code: makeGiftCode(), interval, ...bought }]
  const { count } = await tx.gift.createMany({ data, skipDuplicates: true })
  if (reversedAt === null) return count
  // The update waits for a concurrent redemption.
  const [voided] = await tx.$queryRaw<{ membershipId: string | null }[]>`
    UPDATE gift SET voided_at = ${reversedAt} WHERE session_id = ${sessionId} AND voided_at IS NULL
    RETURNING membership_id::text AS "membershipId"`
  if (!voided) return count
  if (voided.membershipId !== null) await voidGiftMembership(tx, voided.membershipId, cause, now)
  return count + 1
}

/**
 * Deletes the checkouts whose sessions have ended, so that the member can start another one. A completed checkout is deleted only
 * when its subscription is stored. Otherwise another window could buy again.
 */
async function deleteEndedCheckouts(
  tx: Transaction,
  entries: readonly StoredEntry[],
  known: ReadonlySet<string>,
): Promise<void> {
  const over = entries.filter((entry) => {
    if (entry.type === 'checkout.session.expired') return true
    if (entry.type !== 'checkout.session.completed') return false
    const { object } = entry
    if (typeof object === 'string' || object.kind !== 'session') return false
    return object.subscriptionId === null || known.has(object.subscriptionId)
  })
  const sessionIds = over.flatMap(({ objectId }) => objectId ?? [])
  if (sessionIds.length > 0) await tx.checkout.deleteMany({ where: { sessionId: { in: sessionIds } } })
}

/** Stores the outcome of each event, if it has changed. */
async function saveOutcomes(
  tx: Transaction,
  entries: readonly StoredEntry[],
  pending: ReadonlyMap<string, string>,
): Promise<void> {
  const applied = entries.filter(({ id, outcome }) => outcome === 'PENDING' && !pending.has(id)).map(({ id }) => id)
  if (applied.length > 0) {
    await tx.billingEvent.updateMany({ where: { id: { in: applied } }, data: { outcome: 'APPLIED', note: null } })
  }
  for (const [id, note] of pending) {
    await tx.billingEvent.updateMany({
      where: { id, OR: [{ outcome: 'APPLIED' }, { note: { not: note } }] },
      data: { outcome: 'PENDING', note },
    })
  }
}
