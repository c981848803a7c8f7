/** Twice the time that two sentences take to read. */
const readingTimeMs = 8_000

/**
 * Calls `dismiss` once, after the time that a reader needs. A notice that is held at that moment gets the whole time again.
 *
 * @returns a function that cancels it
 */
export function dismissAfterReading(isHeld: () => boolean, dismiss: () => void): () => void {
  const timer = setInterval(() => {
    if (isHeld()) return
    clearInterval(timer)
    dismiss()
  }, readingTimeMs)
  return () => clearInterval(timer)
}

/** Returns whether an element has the focus or the mouse, or the page is hidden. */
export const isAttended = (element: Element): boolean =>
  document.visibilityState !== 'visible' ||
  element.matches(':focus-within') ||
  // On a touch screen `:hover` stays after a touch.
  (window.matchMedia('(hover: hover)').matches && element.matches(':hover'))
