import type { MembershipRow } from '../membership/index.ts'

// What stands in the way of buying and of changing, in words that name the way out. Pure.

/** A cancelled membership whose period is over has ended, whether the provider's word of it has come or not. */
const hasRunOut = ({ cancelAtPeriodEnd, currentPeriodEnd }: MembershipRow, now: Date): boolean =>
  cancelAtPeriodEnd && currentPeriodEnd !== null && currentPeriodEnd <= now

const enterCard = 'Your last payment failed. Enter a new card'
const paused = 'Your membership is paused. Take it up again at the payment provider'

/**
 * Why a member may not buy a membership: they hold one that is paid for, and would pay twice.
 *
 * @returns null when they may
 */
export function objectionToBuying(memberships: readonly MembershipRow[], now: Date): string | null {
  for (const held of memberships) {
    if (held.source !== 'PAYMENT') continue
    switch (held.status) {
      case 'TRIALING':
      case 'ACTIVE':
        if (hasRunOut(held, now)) return 'Your last membership is being closed. Try again in a minute.'
        return 'You pay for a membership already. Change its plan instead.'
      case 'PAST_DUE':
      case 'UNPAID':
        return `${enterCard} instead of buying again.`
      case 'PAUSED':
        return `${paused} instead of buying again.`
    }
  }
  return null
}

/**
 * Why the plan of a paid membership cannot be changed now.
 *
 * @param held null: there is none
 * @returns null when it can
 */
export function objectionToChange(held: MembershipRow | null, now: Date): string | null {
  switch (held?.status) {
    case 'TRIALING':
    case 'ACTIVE':
      return hasRunOut(held, now) ? nothingPaid : null
    case 'PAST_DUE':
    case 'UNPAID':
      return `${enterCard} first.`
    case 'PAUSED':
      return `${paused} first.`
    case 'INCOMPLETE':
      return 'Your first payment has not come through yet.'
    default:
      return nothingPaid
  }
}

/** Returns when the free days of a membership end; null: none run. */
export const runningTrialEnd = ({ status, currentPeriodEnd }: MembershipRow): Date | null =>
  status === 'TRIALING' ? currentPeriodEnd : null

/** Why there is nothing to cancel, or to go on with. Whoever cannot pay may leave all the same. */
export function objectionToLeaving(held: MembershipRow | null, now: Date): string | null {
  return held === null || held.status === 'ENDED' || held.status === 'INCOMPLETE' || hasRunOut(held, now)
    ? nothingPaid
    : null
}

const nothingPaid = 'You pay for no membership. Choose a plan first.'
