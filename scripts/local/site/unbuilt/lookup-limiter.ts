interface LookupLimits {
  /** Maximum number of look-ups at the same time. */
  readonly atOnce: number
  /** Maximum number of look-ups in a row, and how many of them are restored each second. */
  readonly burst: number
  readonly perSecond: number
}

/** Limits the look-ups of one kind of address. */
interface LookupLimiter {
  /** Begins a look-up. Returns the function that ends it, or null if the limit is reached. */
  readonly begin: () => (() => void) | null
}

/** @param now a clock in milliseconds */
export function createLookupLimiter(now: () => number, { atOnce, burst, perSecond }: LookupLimits): LookupLimiter {
  let running = 0
  let left = burst
  let at = now()
  return {
    begin() {
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
