export interface Recurring {
  readonly interval: string
  readonly interval_count: number
}

const seconds: Readonly<Record<string, number>> = { day: 86_400, week: 7 * 86_400 }
const longestDays: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, year: 366 }

/**
 * Adds intervals to an instant, in UTC. Months and years keep the day of the month, or use the last day of a shorter month: a month after
 * 31 January is 28 February, two months after it is 31 March.
 */
export function addIntervals(start: number, { interval, interval_count }: Recurring, times: number): number {
  const fixed = seconds[interval]
  if (fixed !== undefined) return start + fixed * interval_count * times
  const months = (interval === 'year' ? 12 : 1) * interval_count * times
  const date = new Date(start * 1000)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime() / 1000
}

/** Returns the end of the period at an instant. Counts from the anchor, so that a short month does not shift later periods. */
export function periodEndAfter(anchor: number, instant: number, recurring: Recurring): number {
  if (anchor > instant) return anchor
  // An estimate with the longest month, which is never too late.
  const longest = (longestDays[recurring.interval] ?? 1) * 86_400 * recurring.interval_count
  let times = Math.max(0, Math.floor((instant - anchor) / longest))
  while (addIntervals(anchor, recurring, times) <= instant) times += 1
  return addIntervals(anchor, recurring, times)
}
