/** The clocks of two of our machines differ by less. */
export const clockToleranceMilliseconds = 60_000

/** The two clocks. In production they are the same. */
export interface Clock {
  /** Wall time: tokens, signatures, rate limits, logs. */
  wall(): Date
  /** Business time: memberships and publication. Outside production a year of it can be lived through in a minute. */
  business(): Date
}

/** @param offsetMilliseconds how far business time is ahead of wall time, asked anew at each reading */
export function createClock(offsetMilliseconds: () => number = () => 0): Clock {
  return {
    wall: () => new Date(),
    business: () => new Date(Date.now() + offsetMilliseconds()),
  }
}
