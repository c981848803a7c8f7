import { setAlarm, type Alarm } from '../lib/alarm.ts'
import type { Clock } from '../lib/clock.ts'
import type { ChangeHub } from './change-hub.ts'

/** One event: what the member holds may have changed. What it is now, whoever answers finds out. */
export interface ViewerChange {
  /** Takes note when time alone will change something next, so that there is an event then. Null: never. */
  readonly expectTurn: (turn: Date | null) => void
}

export type FollowViewer = (memberId: string) => AsyncIterableIterator<ViewerChange>

export interface FollowOptions {
  readonly hub: ChangeHub
  readonly clock: Clock
  /** A payment writes several rows, and commits once or twice: told together. Default 50. */
  readonly gatherMilliseconds?: number
  /** How soon an event that could not be answered comes again, at first; then twice as long each time. Default 2,000. */
  readonly retryMilliseconds?: number
}

const longestRetryMilliseconds = 60_000

/**
 * Makes the source of `viewerChanged`: an event at once, then one whenever the hub tells of the member, and one when the turn
 * comes that the last event's answer expected. Events that nobody has taken yet are one, so that a slow reader costs nothing.
 */
export function createFollowViewer(options: FollowOptions): FollowViewer {
  return (memberId) => followOne(memberId, options)
}

function followOne(
  memberId: string,
  { hub, clock, gatherMilliseconds = 50, retryMilliseconds = 2_000 }: FollowOptions,
): AsyncIterableIterator<ViewerChange> {
  /** Something may have changed since the last event. */
  let due = true
  let ended = false
  let waiting: ((result: IteratorResult<ViewerChange>) => void) | null = null
  let gathering: NodeJS.Timeout | undefined
  let turn: Alarm | undefined
  /** Business time when the turn was set. */
  let setAt = clock.business()
  let retry = retryMilliseconds
  let answered = true

  function tell(): void {
    turn?.cancel()
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
      expectTurn: (at) => {
        answered = true
        retry = retryMilliseconds
        // What came since then has its own answer.
        if (ended || due) return
        turn?.cancel()
        setAt = clock.business()
        turn = at === null ? undefined : setAlarm(() => clock.business(), at, tell)
      },
    }
  }

  /** An answer that failed said nothing of the turn; without another try the reader would wait for ever. */
  function tryAgain(): void {
    const again = new Date(Date.now() + retry)
    retry = Math.min(retry * 2, longestRetryMilliseconds)
    answered = true
    turn = setAlarm(() => new Date(), again, tell)
  }

  function end(): void {
    if (ended) return
    ended = true
    clearTimeout(gathering)
    turn?.cancel()
    unfollow()
    offJump()
    waiting?.({ done: true, value: undefined })
    waiting = null
  }

  const unfollow = hub.follow(memberId, () => {
    // The news may be that the database is back: what failed until now says nothing of the next answer.
    retry = retryMilliseconds
    gathering ??= setTimeout(() => {
      gathering = undefined
      tell()
    }, gatherMilliseconds).unref()
  })
  const offJump = clock.onJump(() => {
    // Gone back, time may bring ends again that it had left behind.
    if (clock.business() < setAt) tell()
    else turn?.check()
  })

  const iterator: AsyncIterableIterator<ViewerChange> = {
    next: () => {
      if (ended) return Promise.resolve({ done: true, value: undefined })
      if (!answered && !due) tryAgain()
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
