import { useEffect, useState } from 'react'
import { expectedChangeDelay } from './delays.ts'
import { useLive } from './LiveUpdates.tsx'
import { runWhenDue } from './run-when-due.ts'

/**
 * Checks often, for a minute, for a change that is about to arrive, such as the webhook of a payment.
 *
 * @param isExpected whether the change has not arrived
 * @returns whether the minute is over
 */
export function useExpectedChange(isExpected: boolean): boolean {
  const { check } = useLive()
  const [tries, setTries] = useState(0)
  const delay = expectedChangeDelay(tries)
  useEffect(() => {
    if (!isExpected || delay === null) return
    return runWhenDue(Date.now() + delay, () => {
      void check()
        .catch(() => undefined)
        .then(() => setTries((count) => count + 1))
    })
  }, [isExpected, delay, check])
  return delay === null
}
