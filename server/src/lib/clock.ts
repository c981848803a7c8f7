/** Upper limit of the difference between the clocks of two machines of one installation. */
export const clockToleranceMilliseconds = 60_000

/** Wall time, monotonic time and business time. In production wall time and business time are equal. */
export interface Clock {
  /** Wall time: tokens, signatures, logs. */
  wall(): Date
  /**
   * Milliseconds since an arbitrary instant, for rate limits and pauses. It never goes back, even if the wall clock is set.
   */
  monotonic(): number
  /** Business time: memberships and publication. Outside production it can be moved forward. */
  business(): Date
  /**
   * Calls back when business time has been moved, so that a caller that waits for an instant can read the clock again.
   *
   * @returns an unsubscribe function
   */
  onJump(listener: () => void): () => void
}

/** A clock whose owner calls `jumped` after it has changed the offset. */
export interface OffsetClock extends Clock {
  jumped(): void
}

/** Creates a clock. @param offsetMilliseconds returns how far business time is ahead of wall time; called at each reading */
export function createClock(offsetMilliseconds: () => number = () => 0): OffsetClock {
  const listeners = new Set<() => void>()
  return {
    wall: () => new Date(),
    monotonic: () => performance.now(),
    business: () => new Date(Date.now() + offsetMilliseconds()),
    onJump(listener) {
      // A wrapper for each call, so that a function subscribed twice can be unsubscribed once.
      const wrapper = () => listener()
      listeners.add(wrapper)
      return () => listeners.delete(wrapper)
    },
    jumped() {
      for (const listener of [...listeners]) listener()
    },
  }
}
