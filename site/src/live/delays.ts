// Delays before the API is asked again. Pure functions: the callers have the timers.

const second = 1_000
const longest = 60 * second
const pollSteps = [5, 10, 20, 40].map((seconds) => seconds * second)
/** After ten minutes without a change, polling stops. */
const pollFor = 600 * second

/**
 * Returns the delay between two polls while there is no stream: 5, 10, 20, 40 s, then a minute each.
 *
 * @param polls polls since the last change
 * @returns milliseconds; null when it is time to stop
 */
export function pollDelay(polls: number): number | null {
  let past = 0
  for (let index = 0; index < polls; index++) past += pollSteps[index] ?? longest
  return past >= pollFor ? null : (pollSteps[polls] ?? longest)
}

/** A delay that doubles with each failure, up to a minute. Jitter of a fifth spreads the requests of many pages. */
const backOff = (first: number, failures: number, random: number): number =>
  Math.round(Math.min(longest, first * 2 ** failures) * (0.8 + random * 0.4))

/**
 * Returns the delay before the stream is opened again: 1, 2, 4 s, up to a minute.
 *
 * @param failures in a row, from 1
 * @param random   0 to 1
 */
export const reconnectDelay = (failures: number, random: number): number => backOff(second, failures - 1, random)

/**
 * Returns the delay before a failed query is repeated: 2, 4, 8 s, up to a minute.
 *
 * @param retries so far
 * @param random  0 to 1
 */
export const retryDelay = (retries: number, random: number): number => backOff(2 * second, retries, random)

/** Returns the delay between two checks for a change that is expected, a minute in all; null when the minute is over. */
export function expectedChangeDelay(checks: number): number | null {
  const seconds = [1, 2, 4, 8, 15, 30][checks]
  return seconds === undefined ? null : seconds * second
}

/**
 * Returns the delay before the API is asked again about something that ends. The page's clock is a hint only: while the API says that it
 * has not ended, the delays grow as those of polling.
 *
 * @param until ISO 8601
 * @param tries questions since that instant
 * @returns milliseconds; null when it is time to stop, or for text that is no instant
 */
export function endDelay(until: string, now: Date, tries: number): number | null {
  const left = new Date(until).getTime() - now.getTime()
  if (Number.isNaN(left)) return null
  if (left > 0) return left
  return tries === 0 ? 0 : pollDelay(tries - 1)
}
