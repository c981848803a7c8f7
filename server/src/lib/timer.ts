/** The longest delay of a Node.js timer. A longer one would fire at once. */
const longestWaitMilliseconds = 2 ** 31 - 1

export interface Timer {
  /** Reads the clock now. Call it when the clock has jumped. */
  readonly check: () => void
  readonly cancel: () => void
}

/**
 * Calls back once when a clock reaches an instant, however far ahead the instant is. Does not keep the process alive.
 *
 * @param read returns the clock's time
 * @param at   the instant; if it has passed, the callback follows soon, never within this call
 */
export function startTimer(read: () => Date, at: Date, onReached: () => void): Timer {
  let timer: NodeJS.Timeout | undefined

  function wait(): void {
    const left = at.getTime() - read().getTime()
    timer = setTimeout(check, Math.min(Math.max(left, 0), longestWaitMilliseconds))
    timer.unref()
  }
  function check(): void {
    clearTimeout(timer)
    if (read() < at) return wait()
    timer = undefined
    onReached()
  }

  wait()
  return {
    check: () => {
      if (timer !== undefined) check()
    },
    cancel: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
