import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import * as css from './Dialog.module.css'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** Escape, or the browser's own way. */
  readonly onClose: () => void
}

/** A question over the page. The browser keeps the focus in it, and gives it back to where it was. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      // Before it leaves the page: afterwards it could not give the focus back.
      element?.close()
      requestAnimationFrame(keepFocus)
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={heading} className={css.dialog} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  )
}

/** Where what opened it is gone, the page's text has the focus: at the top of the page a keyboard would begin anew. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true })
}
