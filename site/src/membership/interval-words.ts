import type { BillingInterval, MoneyFragment } from '../api/operations.ts'
import { priceOf } from '../ui/format/money.ts'

/** Returns `a month` or `a year`. */
export const intervalNoun = (interval: BillingInterval): string => (interval === 'YEARLY' ? 'a year' : 'a month')

/** Returns `monthly` or `yearly`. */
export const intervalAdverb = (interval: BillingInterval): string => (interval === 'YEARLY' ? 'yearly' : 'monthly')

/** Returns a price such as `€5 a month`. */
export const pricePer = (price: MoneyFragment, interval: BillingInterval): string =>
  `${priceOf(price)} ${intervalNoun(interval)}`
