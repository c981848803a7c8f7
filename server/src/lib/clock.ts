/** The clocks of two of our machines differ by less. */
export const clockToleranceMilliseconds = 60_000

/** The clocks. In production wall time and business time are the same. */
export interface Clock {
  /** Wall time: tokens, signatures, logs. */
  wall(): Date
  /**
   * Milliseconds since an arbitrary instant. It never goes back, whatever is done to the wall clock: rate limits and pauses count
   * by it.
   */
  monotonic(): number
  /** Business time: memberships and publication. Outside production a year of it can be lived through in a minute. */
  business(): Date
  /**
   * Calls back whenever business time has moved otherwise than by passing: whoever waits for an instant of it looks again.
   *
   * @returns how to be called no more
   */
  onJump(listener: () => void): () => void
}

/** A clock whose owner says when its offset has changed. */
export interface OffsetClock extends Clock {
  jumped(): void
}

/** @param offsetMilliseconds how far business time is ahead of wall time, asked anew at each reading */
export function createClock(offsetMilliseconds: () => number = () => 0): OffsetClock {
  const listeners = new Set<() => void>()
  return {
    wall: () => new Date(),
    monotonic: () => performance.now(),
    business: () => new Date(Date.now() + offsetMilliseconds()),
    onJump(listener) {
      // Of its own for each call: the same function given twice is called off once at a time.
      const own = () => listener()
      listeners.add(own)
      return () => listeners.delete(own)
    },
    jumped() {
      for (const listener of [...listeners]) listener()
    },
  }
}
