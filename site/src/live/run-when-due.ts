import { browserVisibility, type PageVisibility } from './page-visibility.ts'

/** The longest delay of a timer: https://html.spec.whatwg.org/#timers */
const longestTimerMs = 2 ** 31 - 1

interface DueOptions {
  readonly visibility?: PageVisibility
  /** Whether it runs early when the network comes back. */
  readonly earlyWhenOnline?: boolean
}

/**
 * Calls a function once, at an instant. A hidden page waits until it is visible again.
 *
 * @param dueAt milliseconds since the epoch, by the page's clock; an instant in the past means at once
 * @returns a function that cancels it
 */
export function runWhenDue(
  dueAt: number,
  run: () => void,
  { visibility = browserVisibility, earlyWhenOnline = false }: DueOptions = {},
): () => void {
  let due = dueAt
  let timer: ReturnType<typeof setTimeout> | undefined

  function arm(): void {
    clearTimeout(timer)
    // The clock is read again: timers of a machine that sleeps are late.
    if (!visibility.isHidden()) timer = setTimeout(onTimer, Math.min(Math.max(0, due - Date.now()), longestTimerMs))
  }

  function onTimer(): void {
    if (Date.now() < due) return arm()
    cancel()
    run()
  }

  function cancel(): void {
    clearTimeout(timer)
    unsubscribe()
  }

  const unsubscribe = visibility.listen({
    onHide: () => clearTimeout(timer),
    onWake(why) {
      if (why === 'acted' || (why === 'online' && !earlyWhenOnline)) return
      if (why === 'online') due = Date.now()
      arm()
    },
  })
  arm()
  return cancel
}
