import { useEffect, useRef, type ReactNode } from 'react'
import * as css from './Notices.module.css'

interface NoticeBoxProps {
  readonly text: string
  readonly children: ReactNode
  /** What its button does, where a page may have the same button: then the page's is the one. */
  readonly step?: string
  /** Called when it was there long enough to be read; without it the notice stays. */
  readonly onFaded?: (() => void) | undefined
}

/** As long as two sentences take to read, twice over. */
const readMilliseconds = 8_000

/** What it says, and what can be done about it. A pointer or the focus on it holds it. */
export function NoticeBox({ text, children, step = '', onFaded }: NoticeBoxProps) {
  const { start, stop } = useFading(onFaded)
  return (
    <div
      className={css.notice}
      data-notice={step}
      onPointerEnter={stop}
      onPointerLeave={start}
      onFocus={stop}
      onBlur={start}
    >
      <p>{text}</p>
      <div className={css.actions}>{children}</div>
    </div>
  )
}

function useFading(onFaded: (() => void) | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = () => clearTimeout(timer.current)
  const start = () => {
    stop()
    if (onFaded) timer.current = setTimeout(onFaded, readMilliseconds)
  }
  useEffect(() => {
    if (!onFaded) return
    const first = setTimeout(onFaded, readMilliseconds)
    timer.current = first
    return () => clearTimeout(timer.current)
  }, [onFaded])
  return { start, stop }
}
