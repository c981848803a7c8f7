import type { HeldMembershipFragment } from '../../../api/operations.ts'
import { isRunning } from '../../../membership/holdings.ts'
import { dayOf } from '../../../ui/format/dates.ts'

type Facts = Pick<
  HeldMembershipFragment,
  'status' | 'source' | 'startedAt' | 'currentPeriodEnd' | 'cancelAtPeriodEnd' | 'opens' | 'opensUntil' | 'endedAt'
>

const sources: Readonly<Record<HeldMembershipFragment['source'], string>> = {
  PAYMENT: '',
  GIFT: ' (gift)',
  COMPLIMENTARY: ' (complimentary)',
}

/** Returns the state of a membership in a sentence or two. */
export function membershipLine(held: Omit<Facts, 'opensUntil'>): string {
  const { status, source, startedAt, currentPeriodEnd, cancelAtPeriodEnd, opens, endedAt } = held
  const until = currentPeriodEnd ? dayOf(currentPeriodEnd) : null
  const began = dayOf(startedAt)
  const from = `${began}${sources[source] ?? ''}`
  const start = `Started on ${from}`
  switch (status) {
    case 'ACTIVE':
    case 'TRIALING': {
      if (!opens && until)
        return `${start}. We haven’t received the payment for the time after ${until} yet. Until it arrives, articles for subscribers are locked.`
      const word = status === 'TRIALING' ? 'Free trial' : 'Active'
      if (!until) return `${word} since ${from}, with no end date.`
      const ends = cancelAtPeriodEnd || source !== 'PAYMENT'
      return `${word} since ${from}. ${ends ? 'Ends' : status === 'TRIALING' ? 'The trial ends' : 'Renews'} on ${until}.`
    }
    case 'PAST_DUE':
    case 'UNPAID':
      return `${start}. The last payment failed.`
    case 'PAUSED':
      return `Paused. ${start}.`
    case 'INCOMPLETE':
      return 'The first payment is not complete.'
    case 'ENDED':
      return endedAt ? `Ended on ${dayOf(endedAt)}.` : `Ended. Started on ${began}.`
    default:
      return `${start}.`
  }
}

/** Returns the effect of a failed payment on reading; null if no payment failed. */
export function failureLine({ status, opensUntil }: Pick<Facts, 'status' | 'opensUntil'>): string | null {
  if (status !== 'PAST_DUE' && status !== 'UNPAID') return null
  if (!opensUntil) return 'Articles for subscribers are locked until the payment is made.'
  return `You can read until ${dayOf(opensUntil)}. After that, articles for subscribers are locked until the payment is made.`
}

/** Returns the effects of a cancellation, which are shown before it is made. */
export function cancelWords(held: Pick<Facts, 'status' | 'currentPeriodEnd'>): readonly string[] {
  const kept = 'You keep your account and your bookmarks.'
  if (!isRunning(held) || !held.currentPeriodEnd) return [`You won’t be charged again. ${kept}`]
  const day = dayOf(held.currentPeriodEnd)
  return [
    held.status === 'TRIALING'
      ? `Your free trial continues until ${day}, and you can read until then. You won’t be charged.`
      : `You can read until ${day}. You won’t be charged again.`,
    `You can resume your plan here until then. ${kept}`,
  ]
}
