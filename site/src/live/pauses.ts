// How long to wait before asking again. Pure; whoever uses them holds the timers.

const seconds = 1_000
const steps = [5, 10, 20, 40]
const usual = 60
/** Where nothing changed for this long, nothing is going to by itself. */
const patienceSeconds = 600

/**
 * Pauses between questions where no stream tells of changes: 5, 10, 20, 40 s, then a minute each. Null: ten minutes went by, and it
 * is time to stop.
 *
 * @param tries questions since the last change
 */
export function askingPause(tries: number): number | null {
  let past = 0
  for (let index = 0; index < tries; index++) past += steps[index] ?? usual
  return past >= patienceSeconds ? null : (steps[tries] ?? usual) * seconds
}

/**
 * Pauses between attempts to open the stream: 1, 2, 4 s, up to a minute.
 *
 * @param failures in a row, from 1
 * @param share    0 to 1, any: not all pages come back in the same moment
 */
export const streamPause = (failures: number, share: number): number =>
  Math.round(Math.min(60, 2 ** (failures - 1)) * seconds * (0.8 + share * 0.4))

/** How long to wait after coming back from paying, in the middle of which the news of it arrives: a minute in all. */
export function checkoutReturnPause(tries: number): number | null {
  const pause = [1, 2, 4, 8, 15, 30][tries]
  return pause === undefined ? null : pause * seconds
}

/** What a timer can wait for at most: https://html.spec.whatwg.org/#timers */
const longestTimer = 2 ** 31 - 1

/**
 * When to ask again about something that ends. A page's clock is a hint only: where the other side says that it has not ended, it
 * is asked again with growing pauses.
 *
 * @param until ISO 8601
 * @param tries questions since that instant
 * @returns milliseconds; null: no more
 */
export function endPause(until: string, now: Date, tries: number): number | null {
  const left = new Date(until).getTime() - now.getTime()
  if (Number.isNaN(left)) return null
  if (left > 0) return Math.min(left, longestTimer)
  return tries === 0 ? 0 : askingPause(tries - 1)
}
