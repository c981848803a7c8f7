import { boughtGifts, type BoughtGift } from './gifts-bought.ts'
import { billsOf } from './invoices.ts'
import { byObject, latestSnapshot } from './event-order.ts'
import { asObject, type JsonObject } from '../../../lib/json.ts'
import { heldStatuses, isHeld } from '../../../membership/index.ts'
import type { MembershipStatus } from '../../../schema-types.ts'
import type { LedgerEntry } from '../ledger-entry.ts'
import { deriveMembership, type DerivationOptions, type DerivedMembership } from './derive-membership.ts'
import type { ProviderSchedule, SubscriptionSnapshot } from '../provider-objects.ts'

/** A scheduled change of plan. */
interface NextPlan {
  readonly priceId: string
  readonly at: Date
}

export interface FoldedSubscription extends DerivedMembership {
  /** The event with the latest snapshot. */
  readonly eventId: string
  readonly customerId: string
  readonly scheduleId: string | null
  readonly next: NextPlan | null
}

/** The result of the fold: a member's subscriptions and gifts. */
interface CustomerState {
  /** Ended subscriptions first, so that a caller that saves them in order never stores two live ones. */
  readonly subscriptions: readonly FoldedSubscription[]
  readonly gifts: readonly BoughtGift[]
  /** Problems for people, by event id. */
  readonly pending: ReadonlyMap<string, string>
}

export interface FoldOptions extends DerivationOptions {
  readonly isPlan: (planId: string) => boolean
}

/** Final statuses of a schedule. */
const schedulesOver: ReadonlySet<string | null> = new Set(['released', 'completed', 'canceled'])

/** Returns the rank of a held status. Statuses with access come first. TRIALING and ACTIVE have the same rank. */
const rankOf = (status: MembershipStatus): number => Math.max(heldStatuses.indexOf(status), 1)

/**
 * Computes a member's subscriptions and gifts from the events of all customers that the member has had. Pure. The result depends
 * only on the set of events, not on their order or their repetitions.
 */
export function foldCustomer(entries: readonly LedgerEntry[], options: FoldOptions): CustomerState {
  const pending = new Map<string, string>()
  for (const { id, object } of entries) if (typeof object === 'string') pending.set(id, object)
  const bills = billsOf(entries)
  const schedules = [...byObject(entries, 'subscription_schedule.').values()].flatMap(scheduleIn)
  const subscriptions: FoldedSubscription[] = []
  const over = new Set(schedules.flatMap(({ id, status }) => (schedulesOver.has(status) ? [id] : [])))
  for (const snapshots of subscriptionEvents(entries, over).values()) {
    const latest = latestSnapshot(snapshots)
    const object = latest && subscriptionIn(latest)
    const customerId = latest?.customerId ?? null
    // If the latest event could not be parsed, earlier ones must not be used instead.
    if (!latest || !object || customerId === null) continue
    const derived = deriveMembership(object, bills, options)
    if (typeof derived === 'string') {
      pending.set(latest.id, derived)
      continue
    }
    if (derived.note !== null) pending.set(latest.id, derived.note)
    subscriptions.push({ ...derived, eventId: latest.id, customerId, ...scheduleOf(object, schedules) })
  }
  const gifts = boughtGifts(entries, options.isPlan, pending)
  return { subscriptions: oneLive(subscriptions, pending), gifts, pending }
}

/** Returns the events of each subscription: those of the provider and the observations of comparisons. */
function subscriptionEvents(entries: readonly LedgerEntry[], over: ReadonlySet<string>): Map<string, LedgerEntry[]> {
  const sent = byObject(entries, 'customer.subscription.')
  const observed = byObject(entries, 'gatepost.subscription.')
  const ids = new Set([...sent.keys(), ...observed.keys()])
  return new Map(
    [...ids].map((id) => {
      const events = [...(sent.get(id) ?? []), ...(observed.get(id) ?? [])]
      return [id, events.map((entry) => withoutSchedules(entry, over))]
    }),
  )
}

/**
 * Removes ended schedules from a snapshot. The release of a schedule changes the subscription without an event of the
 * subscription, so the snapshots of that second could not be ordered otherwise.
 */
function withoutSchedules(entry: LedgerEntry, over: ReadonlySet<string>): LedgerEntry {
  const subscription = subscriptionIn(entry)
  if (subscription === null || over.size === 0) return entry
  const without = (state: JsonObject): JsonObject => {
    const { schedule } = state
    const id = asObject(schedule)?.id ?? schedule
    return typeof id === 'string' && over.has(id) ? { ...state, schedule: null } : state
  }
  const { snapshot, previous } = entry
  const scheduleId = over.has(subscription.scheduleId ?? '') ? null : subscription.scheduleId
  return {
    ...entry,
    object: { ...subscription, scheduleId },
    snapshot: without(snapshot),
    previous: previous && without(previous),
  }
}

/**
 * Keeps at most one live subscription. If the provider runs two, the one with more access counts, or of equals the earlier one.
 * The other is treated as ended and reported.
 */
function oneLive(subscriptions: readonly FoldedSubscription[], pending: Map<string, string>): FoldedSubscription[] {
  const byStart = [...subscriptions].sort(
    (a, b) => a.startedAt.getTime() - b.startedAt.getTime() || (a.subscriptionId < b.subscriptionId ? -1 : 1),
  )
  const [first, ...others] = byStart
    .filter(({ status }) => isHeld(status))
    .sort((a, b) => rankOf(a.status) - rankOf(b.status))
  if (!first) return byStart
  for (const { eventId } of others) {
    pending.set(eventId, `a second live subscription beside ${first.subscriptionId}: cancel one at the provider`)
  }
  const over = byStart
    .filter((subscription) => subscription !== first)
    .map((subscription) => (others.includes(subscription) ? endedBeside(subscription, first) : subscription))
  return [...over, first]
}

function endedBeside(second: FoldedSubscription, first: FoldedSubscription): FoldedSubscription {
  const endedAt = second.startedAt > first.startedAt ? second.startedAt : first.startedAt
  return { ...second, status: 'ENDED', graceEndsAt: null, endedAt }
}

const subscriptionIn = ({ object }: LedgerEntry): SubscriptionSnapshot | null =>
  typeof object !== 'string' && object.kind === 'subscription' ? object : null

function scheduleIn(events: readonly LedgerEntry[]): ProviderSchedule[] {
  const object = latestSnapshot(events)?.object
  return object !== undefined && typeof object !== 'string' && object.kind === 'schedule' ? [object] : []
}

function scheduleOf(
  { scheduleId, periodEnd, cancelAt }: SubscriptionSnapshot,
  schedules: readonly ProviderSchedule[],
): Pick<FoldedSubscription, 'scheduleId' | 'next'> {
  const schedule = schedules.find(({ id, status }) => id === scheduleId && status === 'active')
  const ends = cancelAt !== null && periodEnd !== null && cancelAt < periodEnd ? cancelAt : periodEnd
  const to = schedule?.phases.find(({ startsAt }) => ends !== null && startsAt >= ends)
  return { scheduleId, next: to && to.priceId !== null ? { at: to.startsAt, priceId: to.priceId } : null }
}
