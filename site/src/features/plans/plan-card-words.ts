import type { BillingInterval, MoneyFragment, PlanOnSaleFragment } from '../../api/operations.ts'
import { intervalNoun, intervals, intervalWords, priceAt } from '../../membership/interval-words.ts'
import { priceOf } from '../../ui/format/money.ts'

type Prices = Pick<PlanOnSaleFragment, 'monthly' | 'yearly'>

/** Returns the chosen interval if the plan is sold at it, or else another one; null if the plan is not sold. */
export function soldInterval(plan: Prices, chosen: BillingInterval): BillingInterval | null {
  return [chosen, ...intervals].find((interval) => priceAt(plan, interval)) ?? null
}

/** Returns the saving of a year compared with twelve months; null if there is none, or if it cannot be computed. */
export function yearlySaving({ monthly, yearly }: Prices): MoneyFragment | null {
  if (!monthly || !yearly || monthly.currency !== yearly.currency) return null
  const amountMinor = monthly.amountMinor * 12 - yearly.amountMinor
  return amountMinor > 0 ? { amountMinor, currency: yearly.currency } : null
}

/** Returns a note such as `A yearly plan costs up to 17% less.`; null if a year saves nothing. */
export function savingNote(plans: readonly Prices[]): string | null {
  const shares = plans.map((plan) => {
    const saving = yearlySaving(plan)
    return saving && plan.monthly ? Math.floor((saving.amountMinor / (plan.monthly.amountMinor * 12)) * 100) : 0
  })
  const [least, most] = [Math.min(...shares), Math.max(...shares)]
  if (shares.length === 0 || most <= 0) return null
  return `A yearly plan costs ${least === most ? '' : 'up to '}${most}% less.`
}

interface PriceWords {
  readonly amount: string
  /** `a month` */
  readonly per: string
  /** The price of the other interval, or the saving of this one; null if there is neither. */
  readonly note: string | null
}

/** Returns the words about the price of a plan; null if the plan is not sold. */
export function priceWords(plan: Prices, chosen: BillingInterval): PriceWords | null {
  const interval = soldInterval(plan, chosen)
  const price = interval && priceAt(plan, interval)
  if (!interval || !price) return null
  return { amount: priceOf(price), per: intervalNoun(interval), note: noteOf(plan, interval, interval !== chosen) }
}

function noteOf(plan: Prices, interval: BillingInterval, isTheOther: boolean): string | null {
  if (isTheOther) return intervalWords(interval).only
  const saving = yearlySaving(plan)
  if (interval === 'YEARLY') return saving ? `saves ${priceOf(saving)} compared with monthly` : null
  if (!plan.yearly) return null
  return `or ${priceOf(plan.yearly)} a year${saving ? `, saving ${priceOf(saving)}` : ''}`
}

/**
 * Returns the line about the free trial; null if the plan has none.
 *
 * @param available whether this reader can have it; null if it is not known, as for an anonymous reader
 */
export function trialLine(
  { trialDays }: Pick<PlanOnSaleFragment, 'trialDays'>,
  available: boolean | null,
): string | null {
  if (trialDays <= 0) return null
  if (available === false) return 'You have used your free trial'
  return trialDays === 1 ? '1-day free trial' : `${trialDays}-day free trial`
}
