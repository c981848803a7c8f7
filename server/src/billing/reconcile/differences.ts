import { createHash } from 'node:crypto'
import type { Database } from '../../db/index.ts'
import { goneObjects, wrongKeyReport } from './gone-objects.ts'
import { doTask } from '../provider-tasks/index.ts'
import { apiVersion, type ProviderClient } from '../provider/client.ts'
import { eventObjects } from '../provider/events.ts'
import { listedSubscriptions, subscriptionObject, type ListedSubscription } from '../provider/subscriptions.ts'
import { fixable, unfixable, type Difference } from './difference.ts'
import { foldCustomer, type FoldedSubscription } from '../ledger/fold/fold.ts'
import { ledgerEntry, NotAnEvent, reasonToIgnore, type LedgerEntry } from '../ledger/ledger-entry.ts'
import {
  entriesOf,
  ledgerContext,
  payerOfCustomer,
  ignoredEventsToApply,
  storedMembershipOf,
  subscriptionIdsExcept,
  unknownAmong,
} from '../ledger/queries.ts'
import { receiveEvent } from '../ledger/receive.ts'

interface ReconcileOptions {
  readonly db: Database
  readonly stripe: ProviderClient
  readonly graceMilliseconds: number
  /** Whether the secret key is of live mode. */
  readonly livemode: boolean
  /** Compares events since this instant. The provider keeps them for 30 days. */
  readonly since: Date
  readonly wallNow: () => Date
  readonly businessNow: () => Date
  /** Whether the operator has confirmed that many customers were deleted at the provider. */
  readonly manyGone?: boolean
}

/**
 * Compares the ledger and the memberships with the provider. Yields missed events first, because fixing them resolves most of the
 * other differences. Changes nothing until the `fix` of a difference is called. Compares nothing if the secret key finds none of
 * the stored objects.
 */
export async function* differences(options: ReconcileOptions): AsyncGenerator<Difference> {
  const wrongKey = await wrongKeyReport(options)
  if (wrongKey !== null) {
    yield unfixable(wrongKey)
    return
  }
  yield* unreadEvents(options)
  yield* missedEvents(options)
  yield* subscriptionsThatDiffer(options)
  yield* goneObjects(options)
}

/** Yields the ignored events that can be applied now, because the secret key or the API version has changed. */
async function* unreadEvents({ db, since, livemode }: ReconcileOptions): AsyncGenerator<Difference> {
  let count = 0
  for await (const ids of ignoredEventsToApply(db, since, livemode)) count += ids.length
  if (count > 0) yield unfixable(`${count} events were ignored and can be applied now: run npm run billing:replay`)
}

async function* missedEvents(options: ReconcileOptions): AsyncGenerator<Difference> {
  const { db, stripe, since } = options
  const events: LedgerEntry[] = []
  const unreadable = new Map<string, string[]>()
  let malformed = 0
  for await (const found of eventObjects(stripe, since)) {
    const event = entryOf(found)
    if (event === null) {
      malformed += 1
      continue
    }
    const ignored = reasonToIgnore(event, options.livemode)
    if (ignored === null) events.push(event)
    else if (ignored.cause === 'version')
      unreadable.set(ignored.note, [...(unreadable.get(ignored.note) ?? []), event.id])
  }
  if (malformed > 0) yield unfixable(`${malformed} events of the payment provider have no id, type or time`)
  // Events have the API version of the account, whatever version the request names.
  for (const [reason, ids] of unreadable) {
    const { size } = await unknownAmong(db, ids)
    if (size > 0)
      yield unfixable(`${size} events that never arrived are ${reason}: check them for refunds and disputes by hand`)
  }
  const unknown = await unknownAmong(
    db,
    events.map(({ id }) => id),
  )
  // The oldest first, in the order of the missed deliveries.
  for (const event of events.reverse()) {
    if (!unknown.has(event.id)) continue
    yield fixable(`${event.type} ${event.id} of ${event.occurredAt.toISOString()} never arrived`, () =>
      receive(db, event.payload, options),
    )
  }
}

function entryOf(found: unknown): LedgerEntry | null {
  try {
    return ledgerEntry(found)
  } catch (error) {
    if (error instanceof NotAnEvent) return null
    throw error
  }
}

async function* subscriptionsThatDiffer(options: ReconcileOptions): AsyncGenerator<Difference> {
  const { db, stripe } = options
  const seen: string[] = []
  for await (const found of listedSubscriptions(stripe)) {
    if (typeof found === 'string') {
      yield unfixable(found)
      continue
    }
    seen.push(found.id)
    yield* differencesOf(found, options)
  }
  for (const id of await subscriptionIdsExcept(db, seen)) {
    yield unfixable(
      `${id}: not known to the payment provider. If STRIPE_SECRET_KEY is right, revoke the membership or let it end.`,
    )
  }
}

async function* differencesOf(listed: ListedSubscription, options: ReconcileOptions): AsyncGenerator<Difference> {
  const { db, stripe, graceMilliseconds, livemode } = options
  const { id, customerId } = listed
  const seen = observation(id, listed.object, options)
  const { folded, stored, hasMember, pending } = await db.$transaction(async (tx) => {
    const { foldOptions } = await ledgerContext(tx, graceMilliseconds)
    const payer = await payerOfCustomer(tx, customerId)
    const observed = ledgerEntry(seen)
    const entries = [...(await entriesOf(tx, payer?.customerIds ?? [customerId], livemode)), observed]
    const state = foldCustomer(entries, foldOptions)
    return {
      folded: state.subscriptions.find(({ subscriptionId }) => subscriptionId === id),
      stored: await storedMembershipOf(tx, id),
      hasMember: payer !== null,
      // An event of the same second may be the latest snapshot instead of the observation.
      pending: entries
        .filter(({ objectId, occurredAt }) => objectId === id && occurredAt >= observed.occurredAt)
        .flatMap((entry) => state.pending.get(entry.id) ?? [])[0],
    }
  })
  if (!hasMember) {
    yield unfixable(`${id}: its customer ${customerId} belongs to no member`)
    return
  }
  if (pending !== undefined) yield unfixable(`${id}: ${pending}`)
  if (!folded) return
  const changes = stored === null ? ['the subscription is not stored here'] : fieldDifferences(folded, stored)
  if (changes.length > 0) {
    yield fixable(`${id}: ${changes.join(', ')}`, async () => {
      // Reads the subscription again, because the listed state may be outdated.
      await receive(db, observation(id, await subscriptionObject(stripe, id), options), options)
    })
  }
  const { task } = folded
  if (task !== null) {
    const still =
      task.kind === 'CHANGE_PRICE' ? `still has another price than ${task.priceId} there` : 'still runs there'
    yield fixable(`${id}: ${still} although its payment was refunded or reversed`, () =>
      doTask(stripe, { subscriptionId: id, task }),
    )
  }
}

const compared = [
  'planId',
  'status',
  'startedAt',
  'currentPeriodEnd',
  'cancelAtPeriodEnd',
  'graceEndsAt',
  'endedAt',
  'priceId',
] as const
type ComparedState = Pick<FoldedSubscription, (typeof compared)[number]>

function fieldDifferences(there: ComparedState, here: ComparedState): string[] {
  return compared.flatMap((key) => {
    // Except after a failed payment, the grace follows from the period.
    if (key === 'graceEndsAt' && there.status !== 'PAST_DUE') return []
    const [observed, stored] = [formatValue(there[key]), formatValue(here[key])]
    return observed === stored ? [] : [`${key} is ${stored} here and ${observed} there`]
  })
}

const formatValue = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value))

/** Wraps an observed subscription as an event, so that the ledger remains the only source of memberships. */
function observation(
  id: string,
  subscription: unknown,
  { businessNow, livemode }: Pick<ReconcileOptions, 'businessNow' | 'livemode'>,
) {
  const created = Math.floor(businessNow().getTime() / 1000)
  const digest = createHash('sha256').update(JSON.stringify(subscription)).digest('hex').slice(0, 24)
  return {
    id: `gatepost_${id}_${digest}_${created}`,
    object: 'event',
    type: 'gatepost.subscription.observed',
    api_version: apiVersion,
    livemode,
    created,
    data: { object: subscription },
  }
}

async function receive(db: Database, event: unknown, options: Omit<ReconcileOptions, 'db'>): Promise<void> {
  const { graceMilliseconds, livemode, wallNow, businessNow } = options
  await receiveEvent(db, event, { graceMilliseconds, livemode, receivedAt: wallNow(), now: businessNow() })
}
