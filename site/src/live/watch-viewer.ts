import type { ViewerHoldingsFragment } from '../api/operations.ts'
import { pollDelay, reconnectDelay } from './delays.ts'
import type { PageVisibility } from './page-visibility.ts'
import type { StreamEnd, StreamHandlers } from './viewer-stream.ts'

export interface WatchTools {
  /** Opens the stream. @returns how to close it */
  readonly connect: (handlers: StreamHandlers) => () => void
  /** @param first of its connection: it may be what the page shows, or the page has missed something */
  readonly onHoldings: (holdings: ViewerHoldingsFragment | null, first: boolean) => void
  /** Asks by an ordinary question. @returns whether something had changed */
  readonly ask: () => Promise<boolean>
  readonly visibility: PageVisibility
  /** 0 to 1, any. */
  readonly random?: () => number
}

/** From then on it is asked as well, while the stream may still come: a proxy may keep it back. */
const patienceMilliseconds = 5_000
/** From then on it is given up: it takes one of the six connections that a browser has for a host (HTTP/1.1). */
const silenceMilliseconds = 20_000
/** In a row; from then on it is asked as well. */
const mostFailures = 3
const longestPauseMilliseconds = 60_000

/**
 * Hears of changes to what the reader holds for as long as somebody looks at the page: by the stream, or where that cannot be had
 * by asking with growing pauses. That ends when nothing changes, and begins again when somebody comes back or does something.
 *
 * @returns how to stop
 */
export function watchViewer({ connect, onHoldings, ask, visibility, random = Math.random }: WatchTools): () => void {
  let close: (() => void) | null = null
  let live = false
  /** Whether the stream told of everything up to when it was stopped. */
  let heardAll = false
  let asleep = false
  let failures = 0
  /** Questions since the last change; null: it is not asked. */
  let tries: number | null = null
  let openedAt = 0
  /** Counts the times that all was stopped: an answer that comes from before is nobody's. */
  let round = 0
  const timers: Record<'patience' | 'silence' | 'again' | 'question', Timer> = {
    patience: undefined,
    silence: undefined,
    again: undefined,
    question: undefined,
  }
  const clear = (...names: (keyof typeof timers)[]) => names.forEach((name) => clearTimeout(timers[name]))

  function open(): void {
    clear('again')
    close?.()
    openedAt = Date.now()
    timers.patience = setTimeout(beginAsking, patienceMilliseconds)
    timers.silence = setTimeout(() => {
      close?.()
      onEnd({ kind: 'failed', retryAfterSeconds: longestPauseMilliseconds / 1000 })
    }, silenceMilliseconds)
    close = connect({ onEvent, onEnd })
  }

  function onEvent(holdings: ViewerHoldingsFragment | null): void {
    const first = !live
    live = true
    clear('patience', 'silence', 'question')
    tries = null
    onHoldings(holdings, first)
  }

  function onEnd(end: StreamEnd): void {
    const ran = live && Date.now() - openedAt >= patienceMilliseconds
    close = null
    live = false
    clear('patience', 'silence')
    if (end.kind === 'refused') return sleep()
    // One whose token is over is opened again with a fresh one, at once; one that ends as it begins is not run after.
    if (ran) failures = 0
    if (ran && end.kind === 'completed') return open()
    failures += 1
    const wanted = end.kind === 'failed' ? end.retryAfterSeconds : null
    if (failures >= mostFailures || wanted !== null) beginAsking()
    timers.again = setTimeout(open, Math.max((wanted ?? 0) * 1000, reconnectDelay(failures, random())))
  }

  function beginAsking(): void {
    if (tries !== null) return
    tries = 0
    schedule()
  }

  function schedule(): void {
    const pause = pollDelay(tries ?? 0)
    if (pause === null) return sleep()
    timers.question = setTimeout(() => void question(), pause)
  }

  async function question(): Promise<void> {
    const mine = round
    const changed = await ask()
    // The stream has come, or nobody looks any more.
    if (mine !== round || tries === null) return
    tries = changed ? 0 : tries + 1
    schedule()
  }

  function stop(): void {
    round += 1
    heardAll = live
    clear('patience', 'silence', 'again', 'question')
    close?.()
    close = null
    live = false
    tries = null
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
      // Somebody who reads on must not set it going with each key.
      if (why === 'acted' && (!asleep || Date.now() - openedAt < longestPauseMilliseconds)) return
      if (why === 'online' && live) return
      const missed = why !== 'visible' || !heardAll
      wake()
      if (missed) void ask()
    },
  })
  if (!visibility.isHidden()) open()
  return () => {
    unsubscribe()
    stop()
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined
