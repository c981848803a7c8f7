import type { ViewerHoldingsFragment } from '../api/operations.ts'
import { pollDelay, reconnectDelay } from './delays.ts'
import type { PageVisibility } from './page-visibility.ts'
import type { StreamEnd, StreamHandlers } from './viewer-stream.ts'

interface WatchTools {
  /** Opens the stream. Returns a function that closes it. */
  readonly connect: (handlers: StreamHandlers) => () => void
  /** Called with each event. The first of a connection may show nothing new, or a change that the page missed. */
  readonly onHoldings: (holdings: ViewerHoldingsFragment | null, first: boolean) => void
  /** Polls with an ordinary query. Returns whether something had changed. */
  readonly poll: () => Promise<boolean>
  readonly visibility: PageVisibility
  /** Returns a number from 0 to 1. */
  readonly random?: () => number
}

/** A stream without an event for this long is polled for as well: a proxy may hold it back. */
const pollAfterMs = 5_000
/** A stream without an event for this long is closed: it uses one of the browser's six connections to a host (HTTP/1.1). */
const closeAfterMs = 20_000
/** After this many failures in a row the page polls as well. */
const pollAfterFailures = 3
const longestDelayMs = 60_000

/**
 * Watches the reader's holdings while the page is visible: by the stream, and by polling with growing delays where there is no stream.
 * Polling stops when nothing changes, and starts again when the reader returns to the page or acts in it.
 *
 * @returns a function that stops it
 */
export function watchViewer({ connect, onHoldings, poll, visibility, random = Math.random }: WatchTools): () => void {
  let close: (() => void) | null = null
  let live = false
  /** Whether the stream was open until it was stopped, so that no change was missed. */
  let missedNothing = false
  let asleep = false
  let failures = 0
  /** Polls since the last change; null while the page does not poll. */
  let polls: number | null = null
  let openedAt = 0
  /** Counts the stops. The answer to a poll from before a stop is ignored. */
  let round = 0
  const timers: Record<'startPolling' | 'close' | 'reconnect' | 'poll', Timer> = {
    startPolling: undefined,
    close: undefined,
    reconnect: undefined,
    poll: undefined,
  }
  const clear = (...names: (keyof typeof timers)[]) => names.forEach((name) => clearTimeout(timers[name]))

  function open(): void {
    clear('reconnect')
    close?.()
    openedAt = Date.now()
    timers.startPolling = setTimeout(startPolling, pollAfterMs)
    timers.close = setTimeout(() => {
      close?.()
      onEnd({ kind: 'failed', retryAfterSeconds: longestDelayMs / 1000 })
    }, closeAfterMs)
    close = connect({ onEvent, onEnd })
  }

  function onEvent(holdings: ViewerHoldingsFragment | null): void {
    const first = !live
    live = true
    clear('startPolling', 'close', 'poll')
    polls = null
    onHoldings(holdings, first)
  }

  function onEnd(end: StreamEnd): void {
    const ran = live && Date.now() - openedAt >= pollAfterMs
    close = null
    live = false
    clear('startPolling', 'close')
    if (end.kind === 'refused') return sleep()
    // A stream whose token expired is opened again at once. One that ends as soon as it begins is not.
    if (ran) failures = 0
    if (ran && end.kind === 'completed') return open()
    failures += 1
    const wanted = end.kind === 'failed' ? end.retryAfterSeconds : null
    if (failures >= pollAfterFailures || wanted !== null) startPolling()
    timers.reconnect = setTimeout(open, Math.max((wanted ?? 0) * 1000, reconnectDelay(failures, random())))
  }

  function startPolling(): void {
    if (polls !== null) return
    polls = 0
    schedule()
  }

  function schedule(): void {
    const delay = pollDelay(polls ?? 0)
    if (delay === null) return sleep()
    timers.poll = setTimeout(() => void pollOnce(), delay)
  }

  async function pollOnce(): Promise<void> {
    const mine = round
    const changed = await poll()
    // Meanwhile the stream has opened, or the page was stopped.
    if (mine !== round || polls === null) return
    polls = changed ? 0 : polls + 1
    schedule()
  }

  function stop(): void {
    round += 1
    missedNothing = live
    clear('startPolling', 'close', 'reconnect', 'poll')
    close?.()
    close = null
    live = false
    polls = null
  }

  function sleep(): void {
    stop()
    asleep = true
  }

  function wake(): void {
    stop()
    asleep = false
    failures = 0
    open()
  }

  const unsubscribe = visibility.listen({
    onHide: stop,
    onWake(why) {
      if (visibility.isHidden()) return
      // Not with each key of a reader who stays on the page.
      if (why === 'acted' && (!asleep || Date.now() - openedAt < longestDelayMs)) return
      if (why === 'online' && live) return
      const missed = why !== 'visible' || !missedNothing
      wake()
      if (missed) void poll()
    },
  })
  if (!visibility.isHidden()) open()
  return () => {
    unsubscribe()
    stop()
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined
