import { useState, type ReactNode } from 'react'
import { Link } from 'gatsby'
import * as css from './Button.module.css'

type Look = 'main' | 'plain' | 'quiet'

interface ButtonProps {
  readonly children: ReactNode
  readonly look?: Look
  /** While its promise is under way the button says so; what it throws is said below it. */
  readonly onPress: () => void | Promise<unknown>
  readonly label?: string
  readonly pressed?: boolean
  /** It cannot be said yet what a press would do. */
  readonly waiting?: boolean
}

export function Button({ children, look = 'plain', onPress, label, pressed, waiting = false }: ButtonProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function press() {
    if (busy || waiting) return
    setBusy(true)
    setProblem(null)
    try {
      await onPress()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work.')
    } finally {
      setBusy(false)
    }
  }

  return (
    <span className={css.around}>
      <button
        type="button"
        className={`${css.button} ${css[look]}`}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={busy || waiting || undefined}
        aria-busy={busy || undefined}
        onClick={() => void press()}
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
