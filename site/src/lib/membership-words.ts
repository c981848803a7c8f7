import type { HeldMembershipFragment } from '../graphql/operations.ts'
import { dayOf } from './dates.ts'
import { isRunning } from './holdings.ts'

type Facts = Pick<
  HeldMembershipFragment,
  'status' | 'source' | 'startedAt' | 'currentPeriodEnd' | 'cancelAtPeriodEnd' | 'opens' | 'opensUntil' | 'endedAt'
>

const sources: Readonly<Record<HeldMembershipFragment['source'], string>> = {
  PAYMENT: 'bought',
  GIFT: 'a gift',
  COMPLIMENTARY: 'given by the publisher',
}

/** How a membership stands, in a sentence or two. */
export function membershipLine(held: Omit<Facts, 'opensUntil'>): string {
  const { status, source, startedAt, currentPeriodEnd, cancelAtPeriodEnd, opens, endedAt } = held
  const until = currentPeriodEnd ? dayOf(currentPeriodEnd) : null
  const began = dayOf(startedAt)
  const since = `since ${began}, ${sources[source] ?? 'held'}`
  switch (status) {
    case 'ACTIVE':
    case 'TRIALING': {
      if (!opens && until)
        return `Held ${since}. The payment for the time after ${until} has not come in yet; it is locked until then.`
      const word = status === 'TRIALING' ? 'On trial' : 'Running'
      if (!until) return `${word} ${since}, without an end.`
      return `${word} ${since}; ${cancelAtPeriodEnd || source !== 'PAYMENT' ? `ends on ${until}` : `the present period ends on ${until}`}.`
    }
    case 'PAST_DUE':
    case 'UNPAID':
      return `Held ${since}. The last payment failed.`
    case 'PAUSED':
      return `Paused. Held ${since}.`
    case 'INCOMPLETE':
      return 'The first payment has not come through.'
    case 'ENDED':
      return endedAt ? `Ended; it ran until ${dayOf(endedAt)}.` : `Ended; it began on ${began}.`
    default:
      return `Held ${since}.`
  }
}

/** What a payment that failed means for reading; null: none has. */
export function failureLine({ status, opensUntil }: Pick<Facts, 'status' | 'opensUntil'>): string | null {
  if (status !== 'PAST_DUE' && status !== 'UNPAID') return null
  if (!opensUntil) return 'What it opens is locked until the payment is made.'
  return `You can read until ${dayOf(opensUntil)}. After that what it opens is locked until the payment is made.`
}

/** What cancelling does, said before it is done. */
export function cancelWords(held: Pick<Facts, 'status' | 'currentPeriodEnd'>): readonly string[] {
  const kept = 'Your account and your bookmarks stay as they are.'
  if (!isRunning(held) || !held.currentPeriodEnd) return [`No further payment is made. ${kept}`]
  const day = dayOf(held.currentPeriodEnd)
  return [
    held.status === 'TRIALING'
      ? `Your free days go on until ${day}, and you can read until then. No payment is made.`
      : `You can read until ${day}: what is paid for stays yours. No further payment is made.`,
    `Until then you can take it back here. ${kept}`,
  ]
}
