import type { Interval } from './types.ts'

/**
 * Returns the exclusive end of a period: the same day and time a month or a year later, in UTC. If that month has no such day, its last
 * day.
 */
export function periodEndAfter(start: Date, interval: Interval): Date {
  const months = start.getUTCMonth() + (interval === 'YEARLY' ? 12 : 1)
  // Day 0 of the month after is the last day of this one.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const end = new Date(start)
  end.setUTCFullYear(start.getUTCFullYear(), months, Math.min(start.getUTCDate(), lastDay))
  return end
}
