import { useEffect, useRef, useState } from 'react'

const first = 2_000
const longest = 60_000

/**
 * While something is wrong, tries again with growing pauses: 2 s, 4 s, 8 s, up to a minute; at once when the network comes back.
 *
 * @param minimumSeconds how long the other side asks to wait, if it does
 */
export function useRetry(wrong: boolean, again: () => Promise<unknown>, minimumSeconds: number | null): void {
  const [tries, setTries] = useState(0)
  const latest = useRef(again)
  useEffect(() => {
    latest.current = again
  })

  useEffect(() => {
    if (!wrong) return
    const go = () => {
      // What fails shows in the query's own state.
      latest.current().catch(() => undefined)
      setTries((count) => count + 1)
    }
    const pause = Math.max(Math.min(longest, first * 2 ** tries), (minimumSeconds ?? 0) * 1000)
    const timer = setTimeout(go, pause)
    window.addEventListener('online', go)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', go)
    }
  }, [wrong, tries, minimumSeconds])

  // Once it works the pauses begin anew. Between two tries nothing counts as wrong for a moment: only rest counts as well.
  const well = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (wrong) clearTimeout(well.current)
    else well.current = setTimeout(() => setTries(0), first)
    return () => clearTimeout(well.current)
  }, [wrong])
}
