import type { Interval } from './types.ts'

/** The length of each interval, and the word for it, which is also the payment provider's. */
const lengths = {
  MONTHLY: { unit: 'month', months: 1 },
  YEARLY: { unit: 'year', months: 12 },
} as const satisfies Record<Interval, { unit: string; months: number }>

export const intervals = Object.keys(lengths) as readonly Interval[]

/** Returns the unit of an interval: `month` or `year`. */
export const unitOf = (interval: Interval) => lengths[interval].unit

/** Returns the length of an interval in months. */
export const monthsOf = (interval: Interval): number => lengths[interval].months

/** Returns the interval of a unit; undefined for a unit that plans are not sold by. */
export const intervalOfUnit = (unit: string | undefined): Interval | undefined =>
  intervals.find((interval) => unitOf(interval) === unit)

/**
 * Returns the exclusive end of a period: the same day and time a month or a year later, in UTC. If that month has no such day, its last
 * day.
 */
export function periodEndAfter(start: Date, interval: Interval): Date {
  const months = start.getUTCMonth() + monthsOf(interval)
  // Day 0 of the month after is the last day of this one.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const end = new Date(start)
  end.setUTCFullYear(start.getUTCFullYear(), months, Math.min(start.getUTCDate(), lastDay))
  return end
}
