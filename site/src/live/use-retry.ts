import { useEffect, useRef } from 'react'

const firstMilliseconds = 2_000
const longestMilliseconds = 60_000

/** `asking`: it is under way again. */
export type RetryState = 'well' | 'wrong' | 'asking'

/**
 * While something is wrong, tries again with growing pauses: 2 s, 4 s, 8 s, up to a minute; at once when the network comes back;
 * in a tab that nobody looks at, when somebody does.
 *
 * @param minimumSeconds how long the other side asks to wait, if it does
 */
export function useRetry(state: RetryState, again: () => Promise<unknown>, minimumSeconds: number | null): void {
  const tries = useRef(0)
  const latest = useRef(again)
  useEffect(() => {
    latest.current = again
  })

  useEffect(() => {
    if (state === 'well') tries.current = 0
    if (state !== 'wrong') return
    const go = () => {
      if (document.hidden) return document.addEventListener('visibilitychange', go, { once: true })
      tries.current += 1
      // What fails shows in the query's own state.
      latest.current().catch(() => undefined)
    }
    // Not all pages in the same moment.
    const pause = Math.min(longestMilliseconds, firstMilliseconds * 2 ** tries.current) * (0.8 + Math.random() * 0.4)
    const timer = setTimeout(go, Math.max(pause, (minimumSeconds ?? 0) * 1000))
    window.addEventListener('online', go)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', go)
      document.removeEventListener('visibilitychange', go)
    }
  }, [state, minimumSeconds])
}
