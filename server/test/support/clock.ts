import type { Clock } from '../../src/lib/clock.ts'

/** A clock that stands still until a test moves it. */
export interface FrozenClock extends Clock {
  advance(seconds: number): void
}

export function frozenClock(start = '2026-11-16T12:00:00Z'): FrozenClock {
  let now = new Date(start).getTime()
  return {
    wall: () => new Date(now),
    business: () => new Date(now),
    advance(seconds) {
      now += seconds * 1000
    },
  }
}
