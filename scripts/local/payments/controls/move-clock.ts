import { advanceTo } from '../billing/due.ts'
import { refused } from '../problem.ts'
import { maxMoveMs } from '../state/clock.ts'
import type { Provider } from '../state/provider.ts'
import type { Webhooks } from '../webhooks/queue.ts'
import type { ClockStream } from './clock-stream.ts'

export type Move = { readonly advanceMilliseconds: number } | { readonly to: string }

/** Moves the business clock. Moves are made one after the other. */
export type MoveClock = (move: Move) => Promise<{ now: string; offsetMilliseconds: number }>

/**
 * Creates the function that moves the clock forward. It executes due events, then sends the new offset to the listeners, then sends the
 * webhooks. When a server receives a webhook, its clock has therefore already passed the time of the event. Resolves when each webhook was
 * delivered or has failed once.
 */
export function createMove(provider: Provider, webhooks: Webhooks, stream: ClockStream): MoveClock {
  let previous: Promise<unknown> = Promise.resolve()
  const run = async (move: Move) => {
    const { clock } = provider
    const now = clock.now()
    const target = 'to' in move ? Date.parse(move.to) : now + move.advanceMilliseconds
    if (!Number.isFinite(target)) throw refused('`to` is not an instant such as 2026-12-24T18:00:00Z.', 'to')
    if (target < now) throw refused('The clock can only move forward.', 'to' in move ? 'to' : 'advanceMilliseconds')
    if (target - now > maxMoveMs)
      throw refused('The clock can move by ten years at most.', 'to' in move ? 'to' : 'advanceMilliseconds')
    const release = webhooks.hold()
    try {
      advanceTo(provider, target)
      clock.offsetMilliseconds += Math.round(target - now)
      await stream.announce(clock.offsetMilliseconds)
    } finally {
      release()
    }
    await webhooks.flush()
    return clockState(provider)
  }
  return (move) => {
    const result = previous.then(() => run(move))
    previous = result.catch(() => {})
    return result
  }
}

export const clockState = ({ clock }: Provider) => ({
  now: new Date(clock.now()).toISOString(),
  offsetMilliseconds: clock.offsetMilliseconds,
})
