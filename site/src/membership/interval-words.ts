import type { BillingInterval, MoneyFragment, PlanOnSaleFragment } from '../api/operations.ts'
import { priceOf } from '../ui/format/money.ts'

const words = {
  MONTHLY: { unit: 'month', adverb: 'monthly', label: 'Monthly', only: 'Monthly only', pay: 'Pay monthly' },
  YEARLY: { unit: 'year', adverb: 'yearly', label: 'Yearly', only: 'Yearly only', pay: 'Pay yearly' },
} as const satisfies Readonly<Record<BillingInterval, Readonly<Record<string, string>>>>

/** The intervals, shortest first. */
export const intervals = Object.keys(words) as readonly BillingInterval[]

export const intervalWords = (interval: BillingInterval) => words[interval]

/** Returns `a month` or `a year`. */
export const intervalNoun = (interval: BillingInterval): string => `a ${words[interval].unit}`

/** Returns a price such as `€5 a month`. */
export const pricePer = (price: MoneyFragment, interval: BillingInterval): string =>
  `${priceOf(price)} ${intervalNoun(interval)}`

/** Returns the price of a plan at an interval; null if the plan is not sold by it. */
export const priceAt = (
  { monthly, yearly }: Pick<PlanOnSaleFragment, 'monthly' | 'yearly'>,
  interval: BillingInterval,
): MoneyFragment | null => ({ MONTHLY: monthly, YEARLY: yearly })[interval]
