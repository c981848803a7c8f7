import { countingMembership, type MembershipRow } from '../../membership/index.ts'
import type { PurchaseStep } from '../../schema-types.ts'

// Pure functions that decide whether a member can buy, change a plan or cancel, from the paid membership that counts.

/** The states of the paid membership that the rules distinguish. */
type PaidState = 'none' | 'running' | 'run out' | 'payment failed' | 'incomplete' | 'paused'

/** The consequences of a state. Each refusal is a message with advice for the member, or null. */
interface Consequences {
  readonly step: PurchaseStep
  readonly buying: string | null
  readonly changing: string | null
  readonly cancelling: string | null
}

const nothingPaid = 'You have no paid membership. Choose a plan first.'
const enterCard = 'Your last payment failed. Update your card'
const paused = 'Your membership is paused. Resume it at the payment provider'

const consequences: Readonly<Record<PaidState, Consequences>> = {
  none: { step: 'BUY', buying: null, changing: nothingPaid, cancelling: nothingPaid },
  running: {
    step: 'CHANGE',
    buying: 'You already have a paid membership. Change its plan instead.',
    changing: null,
    cancelling: null,
  },
  'run out': {
    step: 'WAIT',
    buying: 'Your last membership is being closed. Try again in a minute.',
    changing: nothingPaid,
    cancelling: nothingPaid,
  },
  'payment failed': {
    step: 'PAY',
    buying: `${enterCard} instead of buying again.`,
    changing: `${enterCard} first.`,
    cancelling: null,
  },
  // A new checkout may replace the one whose payment did not succeed.
  incomplete: {
    step: 'PAY',
    buying: null,
    changing: 'Your first payment has not been completed yet.',
    cancelling: nothingPaid,
  },
  paused: {
    step: 'RESUME',
    buying: `${paused} instead of buying again.`,
    changing: `${paused} first.`,
    cancelling: null,
  },
}

function consequencesOf(paid: MembershipRow | null, now: Date): Consequences {
  return consequences[stateOfPaid(paid, now)]
}

function stateOfPaid(paid: MembershipRow | null, now: Date): PaidState {
  switch (paid?.status) {
    case 'TRIALING':
    case 'ACTIVE':
      return hasRunOut(paid, now) ? 'run out' : 'running'
    case 'PAST_DUE':
    case 'UNPAID':
      return 'payment failed'
    case 'PAUSED':
      return 'paused'
    case 'INCOMPLETE':
      return 'incomplete'
    default:
      return 'none'
  }
}

/** Returns whether the period of a cancelled membership has ended, even if the provider's event has not arrived. */
const hasRunOut = ({ cancelAtPeriodEnd, currentPeriodEnd }: MembershipRow, now: Date): boolean =>
  cancelAtPeriodEnd && currentPeriodEnd !== null && currentPeriodEnd <= now

const paidOf = (memberships: readonly MembershipRow[]): MembershipRow | null =>
  countingMembership(memberships.filter(({ source }) => source === 'PAYMENT'))

/** Returns the next step of a member towards a paid plan. @param memberships all memberships of the member */
export const purchaseStep = (memberships: readonly MembershipRow[], now: Date): PurchaseStep =>
  consequencesOf(paidOf(memberships), now).step

/** Returns why a member cannot buy a membership, or null. @param memberships all memberships of the member */
export const purchaseBlocker = (memberships: readonly MembershipRow[], now: Date): string | null =>
  consequencesOf(paidOf(memberships), now).buying

/** Returns why the plan of a paid membership cannot be changed, or null. @param paid null if the member has none */
export const planChangeBlocker = (paid: MembershipRow | null, now: Date): string | null =>
  consequencesOf(paid, now).changing

/** Returns why a paid membership cannot be cancelled or resumed, or null. @param paid null if the member has none */
export const cancellationBlocker = (paid: MembershipRow | null, now: Date): string | null =>
  paid !== null && hasRunOut(paid, now) ? nothingPaid : consequencesOf(paid, now).cancelling

/** Returns the end of the running trial, or null if there is none. */
export const runningTrialEnd = ({ status, currentPeriodEnd }: MembershipRow): Date | null =>
  status === 'TRIALING' ? currentPeriodEnd : null
