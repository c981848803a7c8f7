import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import * as css from './Dialog.module.css'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** Called on Escape, or when the browser closes the dialog. */
  readonly onClose: () => void
}

/** A modal dialog. The browser keeps the focus in it, and restores the focus afterwards. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      // Closed before it is removed, because the browser restores the focus only then.
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

/** Focuses the content if the element that opened the dialog is gone. Otherwise a keyboard user starts at the top of the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true })
}
