import { useEffect, useRef } from 'react'
import { endPause } from './pauses.ts'

/**
 * Asks again when what is shown is over by mere time, also where nobody tells. The page's clock is a hint only (outside production
 * the server's runs ahead, and a machine may sleep): as long as the answer is the same it is asked with growing pauses.
 *
 * @param until ISO 8601; null: no end
 */
export function useEnd(until: string | null, ask: () => Promise<unknown>): void {
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  })

  useEffect(() => {
    if (until === null) return
    let tries = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const arm = () => {
      clearTimeout(timer)
      const pause = endPause(until, new Date(), tries)
      // In a tab that nobody looks at it waits until somebody does.
      if (pause !== null && !document.hidden) timer = setTimeout(go, pause)
    }
    const go = () => {
      if (Date.now() >= new Date(until).getTime()) {
        tries += 1
        // What fails shows in the query's own state.
        latest.current().catch(() => undefined)
      }
      arm()
    }
    arm()
    document.addEventListener('visibilitychange', arm)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', arm)
    }
  }, [until])
}
