import { useEffect, useRef } from 'react'
import { endDelay, retryDelay } from './delays.ts'
import { runWhenDue } from './run-when-due.ts'

interface RepeatOptions {
  /** `asking`: the query is under way, or under way again. */
  readonly state: 'settled' | 'failed' | 'asking'
  /** How long the API asks to wait; null if it does not say. */
  readonly retryAfterSeconds: number | null
  /** When the answer stops being true, in ISO 8601; null if it has no end. */
  readonly endsAt?: string | null
}

/**
 * Repeats a query that failed, and one whose answer ends at a known instant.
 *
 * A failed query is repeated after 2, 4, 8 … 60 s, or when the network comes back. At `endsAt` the page's clock is a hint only: while the
 * answer stays the same, the query is repeated with growing delays. A hidden page waits until it is visible.
 *
 * @param ask sends the query again; an error is shown by the query's own state
 */
export function useRepeat(
  ask: () => Promise<unknown>,
  { state, retryAfterSeconds, endsAt = null }: RepeatOptions,
): void {
  const failures = useRef(0)
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  })

  useEffect(() => {
    if (state === 'settled') failures.current = 0
    if (state !== 'failed') return
    const delay = Math.max(retryDelay(failures.current, Math.random()), (retryAfterSeconds ?? 0) * 1000)
    const again = () => {
      failures.current += 1
      latest.current().catch(() => undefined)
    }
    return runWhenDue(Date.now() + delay, again, { earlyWhenOnline: true })
  }, [state, retryAfterSeconds])

  useEffect(() => {
    if (endsAt === null) return
    let tries = 0
    let cancel = () => {}
    const arm = () => {
      const delay = endDelay(endsAt, new Date(), tries)
      if (delay !== null) cancel = runWhenDue(Date.now() + delay, again)
    }
    const again = () => {
      tries += 1
      latest.current().catch(() => undefined)
      arm()
    }
    arm()
    return () => cancel()
  }, [endsAt])
}
