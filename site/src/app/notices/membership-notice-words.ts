import type { ViewerHoldingsFragment } from '../../api/operations.ts'
import { isRunning, paidMembership, type Held } from '../../membership/holdings.ts'
import { dayOf } from '../../ui/format/dates.ts'

/** The reader's next step. */
export type NoticeStep = 'fix-payment' | 'keep' | 'plans'

export interface MembershipNotice {
  /** Identifies the news, so that a closed notice stays closed for this visit. */
  readonly id: string
  readonly text: string
  readonly step: NoticeStep
  /** Label of the button. */
  readonly label: string
}

const dayMs = 86_400_000
/** The notice of an end is shown this many days before and after it. */
const daysBefore = 7
const daysAfter = 14

/**
 * Returns the most urgent notice about the reader's memberships; null if there is none.
 *
 * @param now the page's time. It may be a day off, because access is decided by the server
 */
export function membershipNotice(
  { memberships }: Pick<ViewerHoldingsFragment, 'memberships'>,
  now: Date,
): MembershipNotice | null {
  const paid = paidMembership(memberships)
  if (paid) {
    if (paid.status === 'PAST_DUE' && paid.opens) return paymentFailed(paid, 'Update your payment to keep reading.')
    if (paid.status === 'PAST_DUE' || paid.status === 'UNPAID')
      return paymentFailed(paid, 'Your plan is on hold until the payment is made.')
    if (isRunning(paid) && paid.cancelAtPeriodEnd && endsSoon(paid, now)) {
      return notice(
        'ends',
        paid,
        `${paid.plan.name} ends on ${endOf(paid)}. Nothing changes until then.`,
        'keep',
        `Keep ${paid.plan.name}`,
      )
    }
    return null
  }
  const running = memberships.filter(isRunning)
  const ending = running.find((held) => endsSoon(held, now))
  if (ending && running.length === 1) {
    return notice('ends', ending, `Your ${ending.plan.name} plan ends on ${endOf(ending)}.`, 'plans', 'See plans')
  }
  const ended = memberships.find((held) => held.status === 'ENDED' && endedRecently(held, now))
  if (ended && running.length === 0) {
    return notice('ended', ended, `${ended.plan.name} ended on ${endOf(ended)}.`, 'plans', 'Subscribe again')
  }
  return null
}

const paymentFailed = (held: Held, rest: string): MembershipNotice =>
  notice('failed', held, `Your last payment failed. ${rest}`, 'fix-payment', 'Update payment')

function notice(news: string, held: Held, text: string, step: NoticeStep, label: string): MembershipNotice {
  return { id: [news, held.status, held.plan.slug, held.currentPeriodEnd].join(' '), text, step, label }
}

const endOf = ({ currentPeriodEnd }: Held): string => (currentPeriodEnd ? dayOf(currentPeriodEnd) : '')

/** Returns the days until the period ends; null if it has no end. */
const daysLeft = ({ currentPeriodEnd }: Held, now: Date): number | null =>
  currentPeriodEnd ? (new Date(currentPeriodEnd).getTime() - now.getTime()) / dayMs : null

function endsSoon(held: Held, now: Date): boolean {
  const days = daysLeft(held, now)
  return days !== null && days > 0 && days <= daysBefore
}

function endedRecently(held: Held, now: Date): boolean {
  const days = daysLeft(held, now)
  return days !== null && days <= 0 && days > -daysAfter
}
