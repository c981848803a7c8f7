/** The most that one move may take, in milliseconds: ten years. */
export const longestMove = 10 * 366 * 86_400_000

/**
 * Business time: wall time plus an offset that only grows.
 *
 * While a move is lived through it stands still at the instant at which something falls due.
 */
export class Clock {
  offsetMilliseconds: number
  #standing: number | null = null

  constructor(offsetMilliseconds: number) {
    this.offsetMilliseconds = offsetMilliseconds
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#standing ?? Date.now() + this.offsetMilliseconds
  }

  /** Whole seconds since 1970, as Stripe counts. */
  seconds(): number {
    return Math.floor(this.now() / 1000)
  }

  /** Runs work at another instant than now. */
  at<T>(seconds: number, work: () => T): T {
    const before = this.#standing
    this.#standing = seconds * 1000
    try {
      return work()
    } finally {
      this.#standing = before
    }
  }
}
