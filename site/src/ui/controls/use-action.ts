import { useCallback, useRef, useState } from 'react'

interface Action {
  readonly busy: boolean
  /** The message of the last error; null if the last run succeeded. */
  readonly problem: string | null
  /** Runs the action. Does nothing while it is under way. */
  readonly run: () => void
}

/** Runs the action of a button and follows its state. @param act is busy while its promise is pending; its error is shown */
export function useAction(act: () => void | Promise<unknown>): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  /** A ref, because a second press may come before the next render. */
  const underWay = useRef(false)

  const run = useCallback(() => {
    const go = async () => {
      if (underWay.current) return
      underWay.current = true
      setBusy(true)
      setProblem(null)
      try {
        await act()
      } catch (error) {
        setProblem(problemOf(error))
      } finally {
        underWay.current = false
        setBusy(false)
      }
    }
    void go()
  }, [act])

  return { busy, problem, run }
}

/** Returns the message of an error; null if a newer request has aborted this one. */
function problemOf(error: unknown): string | null {
  if (!(error instanceof Error)) return 'That didn’t work. Try again.'
  return error.name === 'AbortError' ? null : error.message
}
