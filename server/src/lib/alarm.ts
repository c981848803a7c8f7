/** Node's timers take no longer wait: it would be over at once. */
const longestWaitMilliseconds = 2 ** 31 - 1

export interface Alarm {
  /** Looks at the clock now; for when it has jumped. */
  readonly check: () => void
  readonly cancel: () => void
}

/**
 * Rings once when a clock has come to an instant, however far ahead that is. It does not keep the process alive.
 *
 * @param read the clock that counts
 * @param at   the instant; when it has passed already it rings soon, never within this call
 */
export function setAlarm(read: () => Date, at: Date, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined

  function wait(): void {
    const left = at.getTime() - read().getTime()
    timer = setTimeout(look, Math.min(Math.max(left, 0), longestWaitMilliseconds))
    timer.unref()
  }
  function look(): void {
    clearTimeout(timer)
    if (read() < at) return wait()
    timer = undefined
    ring()
  }

  wait()
  return {
    check: () => {
      if (timer !== undefined) look()
    },
    cancel: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
