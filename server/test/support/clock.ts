import type { Clock } from '../../src/lib/clock.ts'

/** A clock that does not move until a test advances it. */
export interface FrozenClock extends Clock {
  advance(seconds: number): void
  /** Sets the wall clock back, as an administrator or NTP can. Monotonic time is unchanged. */
  setBack(seconds: number): void
}

export function frozenClock(start = '2026-11-16T12:00:00Z'): FrozenClock {
  let now = new Date(start).getTime()
  let elapsed = 0
  return {
    wall: () => new Date(now),
    monotonic: () => elapsed,
    business: () => new Date(now),
    // No test that uses this clock waits for an instant.
    onJump: () => () => undefined,
    advance(seconds) {
      now += seconds * 1000
      elapsed += seconds * 1000
    },
    setBack(seconds) {
      now -= seconds * 1000
    },
  }
}
