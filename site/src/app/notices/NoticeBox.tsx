import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button } from '../../ui/controls/Button.tsx'
import { dismissAfterReading, isAttended } from './dismiss-after-reading.ts'
import * as css from './Notices.module.css'

interface ProblemBoxProps {
  readonly text: string
  /** The button with the next step. */
  readonly children: ReactNode
  /** The action of the button. If the page has a button with the same action, the notice is hidden. */
  readonly step?: string
  readonly onClose: () => void
}

/** A problem with its button, in the row that is kept free for it. Text that is too long can be expanded. */
export function ProblemBox({ text, children, step = '', onClose }: ProblemBoxProps) {
  const words = useRef<HTMLParagraphElement>(null)
  const [isExpanded, setExpanded] = useState(false)
  const isCut = useIsCut(words, isExpanded)
  return (
    <div className={css.problem} data-problem={step}>
      <p ref={words} className={isExpanded ? undefined : css.cut}>
        {text}
        {isCut ? (
          <button
            type="button"
            className={css.more}
            aria-expanded={isExpanded}
            onClick={() => setExpanded(!isExpanded)}
          >
            {isExpanded ? 'Less' : 'More'}
          </button>
        ) : null}
      </p>
      <div className={css.actions}>{children}</div>
      <Close onPress={onClose} />
    </div>
  )
}

/** Returns whether the text is too long for the row. @param isExpanded whether it is expanded, so that it cannot be measured */
function useIsCut(text: { readonly current: HTMLElement | null }, isExpanded: boolean): boolean {
  const [isCut, setCut] = useState(false)
  useEffect(() => {
    const element = text.current
    if (!element || isExpanded) return
    const observer = new ResizeObserver(() => setCut(element.scrollHeight > element.clientHeight + 1))
    observer.observe(element)
    return () => observer.disconnect()
  }, [text, isExpanded])
  return isCut
}

interface NewsBoxProps {
  readonly text: string
  readonly children?: ReactNode
  /** Called when the notice has been shown long enough to be read, and has neither the focus nor the mouse. */
  readonly onRead: () => void
  /** Without it, the notice has no button to close it. */
  readonly onClose?: (() => void) | undefined
}

/** Good news. It closes by itself. */
export function NewsBox({ text, children, onRead, onClose }: NewsBoxProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => dismissAfterReading(() => box.current !== null && isAttended(box.current), onRead), [onRead])
  return (
    <div ref={box} className={css.news} data-news>
      <p>{text}</p>
      {children}
      {onClose ? <Close onPress={onClose} /> : null}
    </div>
  )
}

function Close({ onPress }: { onPress: () => void }) {
  return (
    <Button look="quiet" onPress={onPress}>
      <span aria-hidden="true">✕</span>
      <span className="for-ears">Close</span>
    </Button>
  )
}
