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
    // It moves by standing still and then being elsewhere; nobody who tests with it waits.
    onJump: () => () => undefined,
    advance(seconds) {
      now += seconds * 1000
    },
  }
}
