import type { Interval } from './types.ts'

/** The payment provider's form of an interval: so many of a unit. https://docs.stripe.com/api/prices/object#price_object-recurring */
interface Recurrence {
  readonly interval: 'month' | 'year'
  readonly interval_count: number
}

/** The properties of each interval: its word, its length, and the payment provider's form. */
const properties = {
  MONTHLY: { word: 'month', months: 1, recurrence: { interval: 'month', interval_count: 1 } },
  YEARLY: { word: 'year', months: 12, recurrence: { interval: 'year', interval_count: 1 } },
} as const satisfies Record<Interval, { word: string; months: number; recurrence: Recurrence }>

export const intervals = Object.keys(properties) as readonly Interval[]

/** Returns the word for an interval: `month` or `year`. */
export const intervalWord = (interval: Interval) => properties[interval].word

/** Returns the length of an interval in months. */
export const monthsOf = (interval: Interval): number => properties[interval].months

export const recurrenceOf = (interval: Interval): Recurrence => properties[interval].recurrence

/** Returns the interval of a recurrence; undefined for one that plans are not sold by. */
export const intervalOfRecurrence = (unit: string | undefined, count: number | undefined): Interval | undefined =>
  intervals.find((name) => recurrenceOf(name).interval === unit && recurrenceOf(name).interval_count === count)

/** Returns the interval of a name, such as `YEARLY` in metadata; undefined for any other text. */
export const intervalNamed = (name: string | undefined): Interval | undefined =>
  intervals.find((interval) => interval === name)

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
