/** As long as two sentences take to read, twice over. */
const readMilliseconds = 8_000

/**
 * Calls `dismiss` once, when the time to read has passed and nothing holds what is read. What is held at that moment has the whole time
 * again.
 *
 * @returns a function that stops it
 */
export function dismissAfterReading(isHeld: () => boolean, dismiss: () => void): () => void {
  const timer = setInterval(() => {
    if (isHeld()) return
    clearInterval(timer)
    dismiss()
  }, readMilliseconds)
  return () => clearInterval(timer)
}

/** Whether the reader is at it: the keyboard’s focus or a mouse is on it, or the whole page is out of sight. */
export const isAttended = (element: Element): boolean =>
  document.visibilityState !== 'visible' ||
  element.matches(':focus-within') ||
  // On a touch screen the last touch stays as `:hover`.
  (window.matchMedia('(hover: hover)').matches && element.matches(':hover'))
