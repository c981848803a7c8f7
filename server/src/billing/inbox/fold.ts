import { boughtGifts, type BoughtGift } from './gifts-bought.ts'
import { paidPeriods } from './invoices.ts'
import { byObject, latestSnapshot } from './latest.ts'
import { asList, asObject, asReference, asSeconds, objectOf, type LedgerEntry, type Loose } from './ledger-entry.ts'
import { paidMembership, type Names, type PaidMembership } from './paid-membership.ts'

/** What a scheduled change of plan is to become. */
export interface NextPlan {
  readonly priceId: string
  readonly at: Date
}

export interface FoldedSubscription extends PaidMembership {
  /** The event that had the last word. */
  readonly newsId: string
  readonly scheduleId: string | null
  readonly next: NextPlan | null
}

/** All that a customer's events amount to. */
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

/** What opens comes first. */
const live = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED']
const rankOf = (status: string): number => Math.max(live.indexOf(status), 1)

/**
 * Computes what a customer holds from everything that was ever said of them. Pure, and of the *set* of events: neither the
 * order in which they arrived nor how often changes the outcome.
 */
export function foldCustomer(entries: readonly LedgerEntry[], names: CustomerNames): CustomerState {
  const pending = new Map<string, string>()
  const periods = paidPeriods(entries)
  const schedules = [...byObject(entries, 'subscription_schedule.').values()].map(latestSnapshot)
  const subscriptions: FoldedSubscription[] = []
  for (const news of subscriptionNews(entries).values()) {
    const latest = latestSnapshot(news)
    if (!latest) continue
    const read = paidMembership(objectOf(latest), periods, names)
    if (typeof read === 'string') {
      pending.set(latest.id, read)
      continue
    }
    if (read.note !== null) pending.set(latest.id, read.note)
    subscriptions.push({ ...read, newsId: latest.id, ...scheduleOf(read, objectOf(latest), schedules) })
  }
  const bought = boughtGifts(entries)
  const gifts = bought.filter(({ planId }) => names.isPlan(planId))
  for (const { newsId, planId } of bought.filter((gift) => !gifts.includes(gift)))
    pending.set(newsId, `a gift of the plan ${planId}, which is none of ours`)
  return { subscriptions: oneLive(subscriptions, pending), gifts, pending }
}

/** What the provider sent, and what we saw there when we compared. */
function subscriptionNews(entries: readonly LedgerEntry[]): Map<string, LedgerEntry[]> {
  const sent = byObject(entries, 'customer.subscription.')
  for (const [id, seen] of byObject(entries, 'gatepost.subscription.')) sent.set(id, [...(sent.get(id) ?? []), ...seen])
  return sent
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
    .filter(({ status }) => live.includes(status))
    .sort((a, b) => rankOf(a.status) - rankOf(b.status))
  if (!first) return byStart
  for (const { newsId } of others) {
    pending.set(newsId, `a second live subscription beside ${first.subscriptionId}: cancel one at the provider`)
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

function scheduleOf(
  { currentPeriodEnd }: PaidMembership,
  subscription: Loose,
  schedules: readonly (LedgerEntry | null)[],
): Pick<FoldedSubscription, 'scheduleId' | 'next'> {
  const scheduleId = asReference(subscription.schedule)
  const snapshot = schedules.find((entry) => entry && objectOf(entry).id === scheduleId)
  const schedule = snapshot ? objectOf(snapshot) : {}
  if (scheduleId === null || schedule.status !== 'active') return { scheduleId, next: null }
  const to = asList(schedule.phases)
    .map(asObject)
    .map((phase) => ({
      at: asSeconds(phase?.start_date),
      priceId: asReference(asObject(asList(phase?.items)[0])?.price),
    }))
    .find(({ at }) => at !== null && currentPeriodEnd !== null && at >= currentPeriodEnd)
  return { scheduleId, next: to?.at && to.priceId !== null ? { at: to.at, priceId: to.priceId } : null }
}
