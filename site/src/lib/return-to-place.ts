const patienceMilliseconds = 10_000

/**
 * Scrolls to where the reader was before they went to sign in. What follows the preview may still be on its way: then again when
 * the page has got long enough, unless the reader has begun to scroll.
 */
export function returnToPlace(place: number): void {
  if (place <= 0) return
  const reaches = () => document.documentElement.scrollHeight - window.innerHeight >= place
  window.scrollTo(0, place)
  if (reaches()) return

  const stop = () => {
    observer.disconnect()
    clearTimeout(timer)
    for (const sign of signs) window.removeEventListener(sign, stop)
  }
  const observer = new ResizeObserver(() => {
    if (!reaches()) return
    stop()
    window.scrollTo(0, place)
  })
  const timer = setTimeout(stop, patienceMilliseconds)
  for (const sign of signs) window.addEventListener(sign, stop, { passive: true })
  observer.observe(document.body)
}

/** That the reader scrolls by themselves. */
const signs = ['wheel', 'touchmove', 'keydown'] as const
