/** The maximum move of the clock, in milliseconds: ten years. */
export const maxMoveMs = 10 * 366 * 86_400_000

/**
 * The clock of business time: wall time plus an offset that only grows. During a move it stands still at the instant of each due event.
 */
export class Clock {
  offsetMilliseconds: number
  #fixedAt: number | null = null

  constructor(offsetMilliseconds: number) {
    this.offsetMilliseconds = offsetMilliseconds
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#fixedAt ?? Date.now() + this.offsetMilliseconds
  }

  /** Whole seconds since 1970, as in Stripe's objects. */
  seconds(): number {
    return Math.floor(this.now() / 1000)
  }

  /** Calls a function at another instant than now. */
  at<T>(seconds: number, work: () => T): T {
    const before = this.#fixedAt
    this.#fixedAt = seconds * 1000
    try {
      return work()
    } finally {
      this.#fixedAt = before
    }
  }
}
