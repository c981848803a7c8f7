import { v5 as uuidv5 } from 'uuid'
import type { Database, Transaction } from '../../db/index.ts'
import { ImpossibleChange, savePaidMembership, voidGiftMembership } from '../../membership/index.ts'
import { makeGiftCode } from '../gifts/gift-code.ts'
import { putTasks } from '../provider-tasks/index.ts'
import { foldCustomer, type FoldedSubscription } from './fold/fold.ts'
import type { BoughtGift } from './fold/gifts-bought.ts'
import type { Ignored, LedgerEntry } from './ledger-entry.ts'
import type { UnstorableEvent } from './delivery/read-delivery.ts'
import { entriesOf, lockedPayer, ledgerContext, type StoredEntry } from './queries.ts'

/** Names our rows after the provider's, so that doing it again finds them. */
const namespace = '9f6d3a52-7c55-4c0e-8d7e-0d6b7f6a1c11'
export const membershipIdOf = (subscriptionId: string): string => uuidv5(subscriptionId, namespace)
const giftIdOf = (sessionId: string): string => uuidv5(sessionId, namespace)

/**
 * Writes an event into the ledger, once.
 *
 * @param ignored    why it is kept without being read; null: it is read
 * @param receivedAt wall time
 * @returns false when it was there already
 */
export async function recordEvent(
  tx: Transaction,
  entry: LedgerEntry,
  ignored: Ignored | null,
  receivedAt: Date,
): Promise<boolean> {
  const { id, type, apiVersion, occurredAt, customerId, invoiceId, paymentIntentId } = entry
  // Two that share an invoice or a payment wait for each other: each must see what the other says of whose it is.
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
 * Keeps the bytes of an event that cannot be stored as JSON, once. It waits for people.
 *
 * @param receivedAt wall time
 * @returns false when they were there already
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

/** Takes up events that were kept without being read: they wait until they are applied. */
export async function takeUp(db: Database, ids: readonly string[]): Promise<void> {
  await db.billingEvent.updateMany({
    where: { id: { in: [...ids] }, outcome: 'IGNORED' },
    data: { outcome: 'PENDING', note: 'not applied yet' },
  })
}

export interface AppliedCustomer {
  /** Events that wait, with why. */
  readonly pending: ReadonlyMap<string, string>
  /** How many calls to the provider wait to be made. */
  readonly tasks: number
  /** How many rows of what the member holds were written. */
  readonly changes: number
}

export interface ApplyOptions {
  readonly graceMilliseconds: number
  /** Whether our key is of live mode. */
  readonly livemode: boolean
  /** For the history. */
  readonly cause: string
  /** Business time. */
  readonly now: Date
  /** Wall time. */
  readonly wallNow: Date
}

/**
 * Makes what a customer's member holds what the ledger says, of all customers that the member ever was. Nothing else writes a paid
 * membership.
 */
export async function applyCustomer(
  tx: Transaction,
  customerId: string,
  { graceMilliseconds, livemode, cause, now, wallNow }: ApplyOptions,
): Promise<AppliedCustomer> {
  const payer = await lockedPayer(tx, customerId)
  const entries = await entriesOf(tx, payer?.customerIds ?? [customerId], livemode)
  if (payer === null) {
    const pending = new Map(entries.map(({ id }) => [id, `the customer ${customerId} belongs to no member`]))
    await settle(tx, entries, pending)
    return { pending, tasks: 0, changes: 0 }
  }
  const { memberId } = payer
  const { prices, names } = await ledgerContext(tx, graceMilliseconds)
  const { subscriptions, gifts, pending: notUnderstood } = foldCustomer(entries, names)
  const pending = new Map(notUnderstood)
  let changes = 0
  for (const subscription of subscriptions) {
    try {
      changes += await putSubscription(tx, { memberId, subscription, prices, cause, now })
    } catch (error) {
      // Nothing of it was written: what is held stays, and somebody is told.
      if (!(error instanceof ImpossibleChange)) throw error
      pending.set(subscription.eventId, error.message)
    }
  }
  for (const gift of gifts) changes += await putGift(tx, memberId, gift, cause, now)
  await endCheckouts(tx, entries, new Set(subscriptions.map(({ subscriptionId }) => subscriptionId)))
  await settle(tx, entries, pending)
  const tasks = await putTasks(tx, subscriptions, wallNow)
  return { pending, tasks, changes }
}

interface SubscriptionToPut {
  readonly memberId: string
  readonly subscription: FoldedSubscription
  readonly prices: Awaited<ReturnType<typeof ledgerContext>>['prices']
  readonly cause: string
  readonly now: Date
}

async function putSubscription(
  tx: Transaction,
  { memberId, subscription, prices, cause, now }: SubscriptionToPut,
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
  const shown = {
    customerId,
    providerStatus,
    priceId,
    scheduleId,
    nextPlanId: nextPrice?.planId ?? null,
    nextInterval: nextPrice?.interval ?? null,
    nextChangeAt: nextPrice ? next.at : null,
  }
  if (known)
    await tx.billingSubscription.update({ where: { subscriptionId }, data: shown, select: { subscriptionId: true } })
  else
    await tx.billingSubscription.create({
      data: { subscriptionId, membershipId, ...shown },
      select: { subscriptionId: true },
    })
  return changed ? 1 : 0
}

async function putGift(tx: Transaction, buyerId: string, gift: BoughtGift, cause: string, now: Date): Promise<number> {
  const { sessionId, planId, interval, amountMinor, currency, boughtAt, takenBackAt } = gift
  const { count } = await tx.gift.createMany({
    data: [
      {
        id: giftIdOf(sessionId),
        code: makeGiftCode(),
        sessionId,
        planId,
        interval,
        amountMinor,
        currency,
        buyerId,
        boughtAt,
      },
    ],
    skipDuplicates: true,
  })
  if (takenBackAt === null) return count
  // Waits for whoever redeems it at this moment.
  const [voided] = await tx.$queryRaw<{ membershipId: string | null }[]>`
    UPDATE gift SET voided_at = ${takenBackAt} WHERE session_id = ${sessionId} AND voided_at IS NULL
    RETURNING membership_id::text AS "membershipId"`
  if (!voided) return count
  if (voided.membershipId !== null) await voidGiftMembership(tx, voided.membershipId, cause, now)
  return count + 1
}

/**
 * A checkout that is over gives its place to the next one: a completed one when what it bought is here, and not a moment before,
 * or another window could buy again.
 */
async function endCheckouts(
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

/** Notes what became of each event, where that is new. */
async function settle(
  tx: Transaction,
  entries: readonly StoredEntry[],
  pending: ReadonlyMap<string, string>,
): Promise<void> {
  const read = entries.filter(({ id, outcome }) => outcome === 'PENDING' && !pending.has(id)).map(({ id }) => id)
  if (read.length > 0) {
    await tx.billingEvent.updateMany({ where: { id: { in: read } }, data: { outcome: 'APPLIED', note: null } })
  }
  for (const [id, note] of pending) {
    await tx.billingEvent.updateMany({
      where: { id, OR: [{ outcome: 'APPLIED' }, { note: { not: note } }] },
      data: { outcome: 'PENDING', note },
    })
  }
}
