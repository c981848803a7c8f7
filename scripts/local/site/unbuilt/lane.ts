export interface LaneLimits {
  /** Look-ups at a time. */
  readonly atOnce: number
  /** Look-ups in a row, and how many come back each second. */
  readonly burst: number
  readonly perSecond: number
}

/** Limits look-ups of one kind, so that those of another are not in their way. */
export interface Lane {
  /** Takes a place, if there is one. @returns how to give it back, or null */
  readonly enter: () => (() => void) | null
}

/** @param now a clock in milliseconds */
export function createLane(now: () => number, { atOnce, burst, perSecond }: LaneLimits): Lane {
  let running = 0
  let left = burst
  let at = now()
  return {
    enter() {
      const present = now()
      left = Math.min(burst, left + ((present - at) / 1_000) * perSecond)
      at = present
      if (running >= atOnce || left < 1) return null
      left -= 1
      running += 1
      return () => void (running -= 1)
    },
  }
}
