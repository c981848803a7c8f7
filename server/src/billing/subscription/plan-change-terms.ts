import { monthsOf, type Interval, type PlanRow, type PriceRow } from '../../catalogue/index.ts'

/** What is paid for now: at the price at which it was bought, which may be an old one. */
export interface PaidPlan extends PriceRow {
  readonly planId: string
  readonly interval: Interval
}

/** What is to be paid for instead. */
export interface WantedPlan {
  readonly plan: Pick<PlanRow, 'id' | 'includedPlanIds'>
  readonly interval: Interval
  readonly price: PriceRow
}

export type ChangeKind = 'UP' | 'DOWN' | 'NONE' | 'OTHER_CURRENCY'

/**
 * Says what a change of plan is. Up, at once, when the new plan includes the old one or costs more a month; else down, at the
 * end of the period, so that nobody loses what they have paid for. Pure.
 */
export function kindOfChange(paid: PaidPlan, { plan, interval, price }: WantedPlan): ChangeKind {
  if (plan.id === paid.planId && interval === paid.interval) return 'NONE'
  if (price.currency !== paid.currency) return 'OTHER_CURRENCY'
  if (plan.includedPlanIds.has(paid.planId)) return 'UP'
  return costOfYear(price, interval) > costOfYear(paid, paid.interval) ? 'UP' : 'DOWN'
}

/** Free days that run now. */
export interface RunningTrial {
  readonly planId: string
  readonly startedAt: Date
  readonly endsAt: Date
}

/**
 * Computes when free days end if the plan changes at once. Another interval of the same plan keeps them. Another plan keeps only the
 * days that it offers itself, counted from the start of the trial, and never adds any. Pure.
 *
 * @returns `now` when the new plan offers none that are left
 */
export function trialEndAfterChange({ planId, startedAt, endsAt }: RunningTrial, plan: TrialOffer, now: Date): Date {
  if (plan.id === planId) return endsAt
  const offered = startedAt.getTime() + plan.trialDays * dayMilliseconds
  return new Date(Math.max(Math.min(offered, endsAt.getTime()), now.getTime()))
}

type TrialOffer = Pick<PlanRow, 'id' | 'trialDays'>

const dayMilliseconds = 86_400_000

/** The cost of twelve months: a monthly cost of a yearly price would lose cents to the division. */
const costOfYear = ({ amountMinor }: PriceRow, interval: Interval): number => amountMinor * (12 / monthsOf(interval))
