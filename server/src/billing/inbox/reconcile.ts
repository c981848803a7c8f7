import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { Database } from '../../db/index.ts'
import { goneObjects } from '../gone-objects.ts'
import { doTask } from '../outbox/index.ts'
import { apiVersion } from '../stripe.ts'
import type { Difference } from '../types.ts'
import { foldCustomer, type FoldedSubscription } from './fold.ts'
import { ledgerEntry, reasonToIgnore } from './ledger-entry.ts'
import { entriesOf, ourNames, storedMembershipOf, subscriptionIdsExcept, unknownAmong } from './queries.ts'
import { receiveEvent } from './receive.ts'

export interface ReconcileOptions {
  readonly db: Database
  readonly stripe: Stripe
  readonly graceMilliseconds: number
  /** Whether our key is of live mode. */
  readonly livemode: boolean
  /** Events from this instant on are looked for; the provider keeps them for 30 days. */
  readonly since: Date
  readonly wallNow: () => Date
  readonly businessNow: () => Date
}

/**
 * Compares the ledger and what is held with the provider. Events that never arrived come first: mended, most of the rest
 * is gone. Reads at the provider only; what it finds mends itself when told to.
 */
export async function* differences(options: ReconcileOptions): AsyncGenerator<Difference> {
  yield* missedEvents(options)
  yield* subscriptionsThatDiffer(options)
  yield* goneObjects(options)
}

async function* missedEvents(options: ReconcileOptions): AsyncGenerator<Difference> {
  const { db, stripe, since } = options
  const events: Stripe.Event[] = []
  const unread = new Map<string, string[]>()
  const query = { created: { gte: Math.floor(since.getTime() / 1000) }, limit: 100 }
  for await (const event of stripe.events.list(query)) {
    const ignored = reasonToIgnore(ledgerEntry(event), options.livemode)
    if (ignored === null) events.push(event)
    else if (ignored.cause === 'version') unread.set(ignored.note, [...(unread.get(ignored.note) ?? []), event.id])
  }
  // Events keep the version of the account, whatever is asked for. The subscriptions are compared all the same.
  for (const [reason, ids] of unread) {
    const { size } = await unknownAmong(db, ids)
    if (size > 0)
      yield told(`${size} events that never arrived are ${reason}: look for refunds and disputes among them by hand`)
  }
  const unknown = await unknownAmong(
    db,
    events.map(({ id }) => id),
  )
  // The oldest first, as they would have come.
  for (const event of events.reverse()) {
    if (!unknown.has(event.id)) continue
    yield difference(`${event.type} ${event.id} of ${at(event.created)} never arrived`, () =>
      receive(db, event, options),
    )
  }
}

async function* subscriptionsThatDiffer(options: ReconcileOptions): AsyncGenerator<Difference> {
  const { db, stripe } = options
  const seen: string[] = []
  for await (const subscription of stripe.subscriptions.list({ status: 'all', limit: 100 })) {
    seen.push(subscription.id)
    yield* differencesOf(subscription, options)
  }
  for (const id of await subscriptionIdsExcept(db, seen)) {
    yield told(
      `${id}: the provider does not know it. If its key is the right one, revoke the membership or let it end.`,
    )
  }
}

async function* differencesOf(
  subscription: Stripe.Subscription,
  options: ReconcileOptions,
): AsyncGenerator<Difference> {
  const { db, stripe, graceMilliseconds, livemode } = options
  const customerId = typeof subscription.customer === 'string' ? subscription.customer : subscription.customer.id
  const seen = observation(subscription, options)
  const { folded, stored, isOurs, pending } = await db.$transaction(async (tx) => {
    const { names } = await ourNames(tx, graceMilliseconds)
    const customer = await tx.billingCustomer.findUnique({ where: { customerId }, select: { memberId: true } })
    const entries = [...(await entriesOf(tx, customerId, livemode)), ledgerEntry(seen)]
    const state = foldCustomer(entries, names)
    return {
      folded: state.subscriptions.find(({ subscriptionId }) => subscriptionId === subscription.id),
      stored: await storedMembershipOf(tx, subscription.id),
      isOurs: customer !== null,
      pending: state.pending.get(seen.id),
    }
  })
  if (!isOurs) {
    yield told(`${subscription.id}: its customer ${customerId} is none of ours`)
    return
  }
  if (pending !== undefined) yield told(`${subscription.id}: ${pending}`)
  if (!folded) return
  const changes = stored === null ? ['it is not here'] : unlike(folded, stored)
  if (changes.length > 0) {
    yield difference(`${subscription.id}: ${changes.join(', ')}`, async () => {
      // As it is by then: what was listed is of some time ago.
      await receive(db, observation(await stripe.subscriptions.retrieve(subscription.id), options), options)
    })
  }
  const { task } = folded
  if (task !== null) {
    const still = task.kind === 'CANCEL' ? 'still runs there' : `still is at another price than ${task.priceId} there`
    yield difference(`${subscription.id}: ${still} although its payment was taken back`, () =>
      doTask(stripe, { subscriptionId: subscription.id, task }),
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
export type ComparedState = Pick<FoldedSubscription, (typeof compared)[number]>

function unlike(there: ComparedState, here: ComparedState): string[] {
  return compared.flatMap((key) => {
    // Of one that is to renew it follows from the period; only after a failed payment it is a fact of its own.
    if (key === 'graceEndsAt' && there.status !== 'PAST_DUE') return []
    const [theirs, ours] = [shown(there[key]), shown(here[key])]
    return theirs === ours ? [] : [`${key} is ${ours} here and ${theirs} there`]
  })
}

const shown = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value))

/** What we saw at the provider, as an event of our own, so that the ledger alone says why a membership is as it is. */
function observation(
  subscription: Stripe.Subscription,
  { businessNow, livemode }: Pick<ReconcileOptions, 'businessNow' | 'livemode'>,
) {
  const created = Math.floor(businessNow().getTime() / 1000)
  const digest = createHash('sha256').update(JSON.stringify(subscription)).digest('hex').slice(0, 24)
  return {
    id: `gatepost_${subscription.id}_${digest}_${created}`,
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

const difference = (what: string, mend: () => Promise<void>): Difference => ({ what, mendable: true, mend })
/** For people: nothing here can mend it. */
const told = (what: string): Difference => ({ what, mendable: false, mend: () => Promise.resolve() })
const at = (seconds: number): string => new Date(seconds * 1000).toISOString()
