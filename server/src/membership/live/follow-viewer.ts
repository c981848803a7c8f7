import { pauseAfter } from '../../lib/back-off.ts'
import type { Clock } from '../../lib/clock.ts'
import { startTimer, type Timer } from '../../lib/timer.ts'
import type { ChangeHub } from './change-hub.ts'

/** An event: the member's memberships may have changed. The resolver reads the present state. */
export interface ViewerChange {
  /** Schedules the next event for the instant at which a membership opens or closes by itself. Null: no such instant. */
  readonly scheduleRecheck: (at: Date | null) => void
}

export type FollowViewer = (memberId: string) => AsyncIterableIterator<ViewerChange>

interface FollowOptions {
  readonly hub: ChangeHub
  readonly clock: Clock
  /** Changes within this time are coalesced into one event. Default 50. */
  readonly coalesceMilliseconds?: number
  /** Delay before an event is repeated whose response failed. It doubles with each failure. Default 2,000. */
  readonly retryMilliseconds?: number
}

const longestRetryMilliseconds = 60_000

/**
 * Returns the event source of `viewerChanged`: one event at once, one for each change that the hub publishes, and one at the instant that
 * the last response scheduled. At most one undelivered event is kept per stream, so a slow reader costs no memory.
 */
export function createFollowViewer(options: FollowOptions): FollowViewer {
  return (memberId) => followOne(memberId, options)
}

function followOne(
  memberId: string,
  { hub, clock, coalesceMilliseconds = 50, retryMilliseconds = 2_000 }: FollowOptions,
): AsyncIterableIterator<ViewerChange> {
  /** Whether an event is due: a change since the last one. */
  let due = true
  let ended = false
  let waiting: ((result: IteratorResult<ViewerChange>) => void) | null = null
  let coalescing: NodeJS.Timeout | undefined
  let recheck: Timer | undefined
  /** Business time at which the recheck was scheduled. */
  let scheduledAt = clock.business()
  let failures = 0
  let answered = true

  function emit(): void {
    recheck?.cancel()
    due = true
    if (waiting === null) return
    const resolve = waiting
    waiting = null
    resolve({ done: false, value: take() })
  }

  function take(): ViewerChange {
    due = false
    answered = false
    return {
      scheduleRecheck: (at) => {
        answered = true
        failures = 0
        // A change since this event causes another event.
        if (ended || due) return
        recheck?.cancel()
        scheduledAt = clock.business()
        recheck = at === null ? undefined : startTimer(() => clock.business(), at, emit)
      },
    }
  }

  /** A failed response scheduled no recheck. Without a repetition the stream would never send another event. */
  function repeatLater(): void {
    failures += 1
    const pause = pauseAfter(failures, { first: retryMilliseconds, longest: longestRetryMilliseconds })
    const again = new Date(Date.now() + pause)
    answered = true
    recheck = startTimer(() => new Date(), again, emit)
  }

  function end(): void {
    if (ended) return
    ended = true
    clearTimeout(coalescing)
    recheck?.cancel()
    unsubscribe()
    offJump()
    waiting?.({ done: true, value: undefined })
    waiting = null
  }

  const unsubscribe = hub.subscribe(memberId, () => {
    // The database may have come back: start with the shortest delay again.
    failures = 0
    coalescing ??= setTimeout(() => {
      coalescing = undefined
      emit()
    }, coalesceMilliseconds).unref()
  })
  const offJump = clock.onJump(() => {
    // After a jump backwards, an instant that had passed may be in the future again.
    if (clock.business() < scheduledAt) emit()
    else recheck?.check()
  })

  const iterator: AsyncIterableIterator<ViewerChange> = {
    next: () => {
      if (ended) return Promise.resolve({ done: true, value: undefined })
      if (!answered && !due) repeatLater()
      if (due) return Promise.resolve({ done: false, value: take() })
      return new Promise((resolve) => (waiting = resolve))
    },
    return: () => {
      end()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
