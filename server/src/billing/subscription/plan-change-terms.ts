import { monthsOf, type Interval, type PlanRow, type PriceRow } from '../../catalogue/index.ts'

/** The present plan, at the price that the member pays, which may be archived. */
interface PaidPlan extends PriceRow {
  readonly planId: string
  readonly interval: Interval
}

/** The wanted plan. */
interface WantedPlan {
  readonly plan: Pick<PlanRow, 'id' | 'includedPlanIds'>
  readonly interval: Interval
  readonly price: PriceRow
}

export type ChangeKind = 'UP' | 'DOWN' | 'NONE' | 'OTHER_CURRENCY'

/**
 * Decides the direction of a change. It is an upgrade, made at once, if the new plan includes the old one or costs more.
 * Otherwise it is a downgrade at the end of the period, so that the member keeps the time that is paid for. Pure.
 */
export function kindOfChange(paid: PaidPlan, { plan, interval, price }: WantedPlan): ChangeKind {
  if (plan.id === paid.planId && interval === paid.interval) return 'NONE'
  if (price.currency !== paid.currency) return 'OTHER_CURRENCY'
  if (plan.includedPlanIds.has(paid.planId)) return 'UP'
  return costOfYear(price, interval) > costOfYear(paid, paid.interval) ? 'UP' : 'DOWN'
}

/** A trial that has not ended. */
interface RunningTrial {
  readonly planId: string
  readonly startedAt: Date
  readonly endsAt: Date
}

/**
 * Computes the end of the trial after an immediate change of plan. A change of the interval only does not affect the trial. Another plan
 * keeps only the trial days that it offers itself, counted from the start of the trial, and never adds any. Pure.
 *
 * @returns `now` if no trial days are left
 */
export function trialEndAfterChange({ planId, startedAt, endsAt }: RunningTrial, plan: TrialOffer, now: Date): Date {
  if (plan.id === planId) return endsAt
  const offered = startedAt.getTime() + plan.trialDays * dayMilliseconds
  return new Date(Math.max(Math.min(offered, endsAt.getTime()), now.getTime()))
}

type TrialOffer = Pick<PlanRow, 'id' | 'trialDays'>

const dayMilliseconds = 86_400_000

/** Returns the cost of twelve months. The monthly cost of a yearly price would need rounding. */
const costOfYear = ({ amountMinor }: PriceRow, interval: Interval): number => amountMinor * (12 / monthsOf(interval))
