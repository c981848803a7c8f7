import { useCallback, useRef, useState } from 'react'

export interface Action {
  readonly busy: boolean
  /** What went wrong the last time, to be shown as it is; null: nothing. */
  readonly problem: string | null
  /** A press while it is under way does nothing. */
  readonly run: () => void
}

/** What a button does, with how it goes. @param act while its promise is under way it is busy; what it throws is said */
export function useAction(act: () => void | Promise<unknown>): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  /** Two presses can come before the page is drawn again. */
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

/** A question that a newer one has overtaken is none. */
function problemOf(error: unknown): string | null {
  if (!(error instanceof Error)) return 'That did not work.'
  return error.name === 'AbortError' ? null : error.message
}
