import type { HeldMembershipFragment } from '../graphql/operations.ts'
import { dayOf } from './dates.ts'

type Facts = Pick<HeldMembershipFragment, 'status' | 'source' | 'startedAt' | 'currentPeriodEnd' | 'cancelAtPeriodEnd'>

const sources: Readonly<Record<HeldMembershipFragment['source'], string>> = {
  PAYMENT: 'bought',
  GIFT: 'a gift',
  COMPLIMENTARY: 'given by the publisher',
}

/** How a membership stands, in one line. */
export function membershipLine({ status, source, startedAt, currentPeriodEnd, cancelAtPeriodEnd }: Facts): string {
  const until = currentPeriodEnd ? dayOf(currentPeriodEnd) : null
  const since = `since ${dayOf(startedAt)}, ${sources[source] ?? 'held'}`
  switch (status) {
    case 'ACTIVE':
    case 'TRIALING': {
      const word = status === 'TRIALING' ? 'On trial' : 'Running'
      if (!until) return `${word} ${since}, without an end`
      return `${word} ${since}; ${cancelAtPeriodEnd ? `ends on ${until}` : `the present period ends on ${until}`}`
    }
    case 'PAST_DUE':
    case 'UNPAID':
      return `Payment failed; ${since}`
    case 'PAUSED':
      return `Paused; ${since}`
    case 'INCOMPLETE':
      return 'The first payment has not come through'
    case 'ENDED':
      return until ? `Ended; it ran until ${until}` : `Ended; it began on ${dayOf(startedAt)}`
    default:
      return `Held ${since}`
  }
}
