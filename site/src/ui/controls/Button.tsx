import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from 'gatsby'
import { useAction } from './use-action.ts'
import * as css from './Button.module.css'

type Look = 'main' | 'plain' | 'quiet'

interface ButtonProps {
  readonly children: ReactNode
  readonly look?: Look
  /** The button is busy while the promise is pending. The message of an error is shown below it. */
  readonly onPress: () => void | Promise<unknown>
  readonly pressed?: boolean
  /** Whether a press does nothing, as while the session is unknown. */
  readonly waiting?: boolean
  /** Called once, as soon as it is given. If it returns true, the button runs its action. */
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

/** Buttons side by side, the main one first. */
export function Buttons({ children }: { children: ReactNode }) {
  return <div className={css.row}>{children}</div>
}
