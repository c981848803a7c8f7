import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from 'gatsby'
import { useAction } from './use-action.ts'
import * as css from './Button.module.css'

type Look = 'main' | 'plain' | 'quiet'

interface ButtonProps {
  readonly children: ReactNode
  readonly look?: Look
  /** While its promise is under way the button says so; what it throws is said below it. */
  readonly onPress: () => void | Promise<unknown>
  readonly pressed?: boolean
  /** A press would do nothing, or it cannot be said yet what. */
  readonly waiting?: boolean
  /** Asked once, as soon as it is given: true presses the button. */
  readonly pressesItself?: (() => boolean) | undefined
}

export function Button({ children, look = 'plain', onPress, pressed, waiting = false, pressesItself }: ButtonProps) {
  const { busy, problem, run } = useAction(onPress)
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current || !pressesItself) return
    asked.current = true
    if (pressesItself()) run()
  }, [pressesItself, run])

  return (
    <span className={css.around}>
      <button
        type="button"
        className={`${css.button} ${css[look]}`}
        aria-pressed={pressed}
        aria-disabled={busy || waiting || undefined}
        aria-busy={busy || undefined}
        onClick={waiting ? undefined : run}
      >
        {children}
      </button>
      <span role="alert" className={css.problem}>
        {problem}
      </span>
    </span>
  )
}

export function LinkButton({ to, children, look = 'main' }: { to: string; children: ReactNode; look?: Look }) {
  return (
    <Link to={to} className={`${css.button} ${css[look]}`}>
      {children}
    </Link>
  )
}

/** Several side by side, the main one first. */
export function Buttons({ children }: { children: ReactNode }) {
  return <div className={css.row}>{children}</div>
}
