import { boughtGifts, type BoughtGift } from './gifts-bought.ts'
import { billsOf } from './invoices.ts'
import { byObject, latestSnapshot } from './event-order.ts'
import { asObject, type JsonObject } from '../../../lib/json.ts'
import { heldStatuses, isHeld } from '../../../membership/index.ts'
import type { MembershipStatus } from '../../../schema-types.ts'
import type { LedgerEntry } from '../ledger-entry.ts'
import { deriveMembership, type Names, type DerivedMembership } from './derive-membership.ts'
import type { ProviderSchedule, ProviderSubscriptionNews } from '../provider-objects.ts'

/** What a scheduled change of plan is to become. */
export interface NextPlan {
  readonly priceId: string
  readonly at: Date
}

export interface FoldedSubscription extends DerivedMembership {
  /** The event that had the last word. */
  readonly eventId: string
  readonly customerId: string
  readonly scheduleId: string | null
  readonly next: NextPlan | null
}

/** All that the events of a member's customers amount to. */
export interface CustomerState {
  /** Those that are over first: whoever writes them one by one never has two live ones. */
  readonly subscriptions: readonly FoldedSubscription[]
  readonly gifts: readonly BoughtGift[]
  /** By event: what could not be understood, for people. */
  readonly pending: ReadonlyMap<string, string>
}

export interface CustomerNames extends Names {
  readonly isPlan: (planId: string) => boolean
}

/** A schedule of such a status manages nothing any more, and never will again. */
const schedulesOver: ReadonlySet<string | null> = new Set(['released', 'completed', 'canceled'])

/** Returns the rank of a held status: those that give access come first. TRIALING and ACTIVE have the same rank. */
const rankOf = (status: MembershipStatus): number => Math.max(heldStatuses.indexOf(status), 1)

/**
 * Computes what a member holds from everything that was ever said of the customers that they are or were. Pure, and of the *set* of events: neither the
 * order in which they arrived nor how often changes the outcome.
 */
export function foldCustomer(entries: readonly LedgerEntry[], names: CustomerNames): CustomerState {
  const pending = new Map<string, string>()
  for (const { id, object } of entries) if (typeof object === 'string') pending.set(id, object)
  const bills = billsOf(entries)
  const schedules = [...byObject(entries, 'subscription_schedule.').values()].flatMap(scheduleIn)
  const subscriptions: FoldedSubscription[] = []
  const over = new Set(schedules.flatMap(({ id, status }) => (schedulesOver.has(status) ? [id] : [])))
  for (const news of subscriptionNews(entries, over).values()) {
    const latest = latestSnapshot(news)
    const object = latest && subscriptionIn(latest)
    const customerId = latest?.customerId ?? null
    // One that was not understood changes nothing, whatever was understood before it.
    if (!latest || !object || customerId === null) continue
    const read = deriveMembership(object, bills, names)
    if (typeof read === 'string') {
      pending.set(latest.id, read)
      continue
    }
    if (read.note !== null) pending.set(latest.id, read.note)
    subscriptions.push({ ...read, eventId: latest.id, customerId, ...scheduleOf(object, schedules) })
  }
  const bought = boughtGifts(entries)
  const gifts = bought.filter(({ planId }) => names.isPlan(planId))
  for (const { eventId, planId } of bought.filter((gift) => !gifts.includes(gift)))
    pending.set(eventId, `a gift of the plan ${planId}, which does not exist here`)
  return { subscriptions: oneLive(subscriptions, pending), gifts, pending }
}

/** What the provider sent, and what we saw there when we compared. */
function subscriptionNews(entries: readonly LedgerEntry[], over: ReadonlySet<string>): Map<string, LedgerEntry[]> {
  const sent = byObject(entries, 'customer.subscription.')
  for (const [id, seen] of byObject(entries, 'gatepost.subscription.')) sent.set(id, [...(sent.get(id) ?? []), ...seen])
  for (const [id, news] of sent) {
    sent.set(
      id,
      news.map((entry) => withoutSchedules(entry, over)),
    )
  }
  return sent
}

/**
 * Reads a schedule that is over as none. Its release changes the subscription without news of the subscription: the snapshots of a
 * second could not be put in order across that gap.
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
 * Nobody holds two: should the provider ever run two, the one that opens more counts, of equals the one that began first; the
 * other is over here, and somebody is told.
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
    .filter((one) => one !== first)
    .map((one) => (others.includes(one) ? overBeside(one, first) : one))
  return [...over, first]
}

function overBeside(one: FoldedSubscription, first: FoldedSubscription): FoldedSubscription {
  const endedAt = one.startedAt > first.startedAt ? one.startedAt : first.startedAt
  return { ...one, status: 'ENDED', graceEndsAt: null, endedAt }
}

const subscriptionIn = ({ object }: LedgerEntry): ProviderSubscriptionNews | null =>
  typeof object !== 'string' && object.kind === 'subscription' ? object : null

function scheduleIn(news: readonly LedgerEntry[]): ProviderSchedule[] {
  const object = latestSnapshot(news)?.object
  return object !== undefined && typeof object !== 'string' && object.kind === 'schedule' ? [object] : []
}

function scheduleOf(
  { scheduleId, periodEnd, cancelAt }: ProviderSubscriptionNews,
  schedules: readonly ProviderSchedule[],
): Pick<FoldedSubscription, 'scheduleId' | 'next'> {
  const schedule = schedules.find(({ id, status }) => id === scheduleId && status === 'active')
  const ends = cancelAt !== null && periodEnd !== null && cancelAt < periodEnd ? cancelAt : periodEnd
  const to = schedule?.phases.find(({ startsAt }) => ends !== null && startsAt >= ends)
  return { scheduleId, next: to && to.priceId !== null ? { at: to.startsAt, priceId: to.priceId } : null }
}
