import { advanceTo } from '../billing/due.ts'
import { refused } from '../problem.ts'
import { longestMove } from '../state/clock.ts'
import type { Provider } from '../state/provider.ts'
import type { Webhooks } from '../webhooks/queue.ts'
import type { ClockStream } from './clock-stream.ts'

export type Move = { readonly advanceMilliseconds: number } | { readonly to: string }

/** Moves the business clock; one move at a time. */
export type MoveClock = (move: Move) => Promise<{ now: string; offsetMilliseconds: number }>

/**
 * Moves go forward only. What falls due is lived through first; then the listeners hear the new offset; then the webhooks go out: a
 * server that gets one already has a clock that is past it. Answers when each of them was delivered or has failed once.
 */
export function createMove(provider: Provider, webhooks: Webhooks, stream: ClockStream): MoveClock {
  let previous: Promise<unknown> = Promise.resolve()
  const run = async (move: Move) => {
    const { clock } = provider
    const now = clock.now()
    const target = 'to' in move ? Date.parse(move.to) : now + move.advanceMilliseconds
    if (!Number.isFinite(target)) throw refused('`to` is not an instant such as 2026-12-24T18:00:00Z.', 'to')
    if (target < now) throw refused('The clock can only move forward.', 'to' in move ? 'to' : 'advanceMilliseconds')
    if (target - now > longestMove)
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
