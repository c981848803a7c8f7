import type { MembershipRow } from '../../membership/index.ts'

// Why a member cannot buy, change a plan or cancel, with a message that says what to do instead. Pure functions.

/** A cancelled membership has ended when its period has ended, even if the provider's event has not arrived. */
const hasRunOut = ({ cancelAtPeriodEnd, currentPeriodEnd }: MembershipRow, now: Date): boolean =>
  cancelAtPeriodEnd && currentPeriodEnd !== null && currentPeriodEnd <= now

const enterCard = 'Your last payment failed. Update your card'
const paused = 'Your membership is paused. Resume it at the payment provider'

/**
 * Returns why a member cannot buy a membership: they already pay for one.
 *
 * @returns a message for the member, or null if they can buy
 */
export function purchaseBlocker(memberships: readonly MembershipRow[], now: Date): string | null {
  for (const held of memberships) {
    if (held.source !== 'PAYMENT') continue
    switch (held.status) {
      case 'TRIALING':
      case 'ACTIVE':
        if (hasRunOut(held, now)) return 'Your last membership is being closed. Try again in a minute.'
        return 'You already have a paid membership. Change its plan instead.'
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
 * Returns why the plan of a paid membership cannot be changed now.
 *
 * @param held the paid membership, or null if there is none
 * @returns a message for the member, or null if the plan can be changed
 */
export function planChangeBlocker(held: MembershipRow | null, now: Date): string | null {
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
      return 'Your first payment has not been completed yet.'
    default:
      return nothingPaid
  }
}

/** Returns the end of the running trial, or null if there is none. */
export const runningTrialEnd = ({ status, currentPeriodEnd }: MembershipRow): Date | null =>
  status === 'TRIALING' ? currentPeriodEnd : null

/**
 * Returns why a membership cannot be cancelled or resumed. A member with a failed payment can cancel.
 *
 * @returns a message for the member, or null if they can
 */
export function cancellationBlocker(held: MembershipRow | null, now: Date): string | null {
  return held === null || held.status === 'ENDED' || held.status === 'INCOMPLETE' || hasRunOut(held, now)
    ? nothingPaid
    : null
}

const nothingPaid = 'You have no paid membership. Choose a plan first.'
