/** A silent sign-in and the article, over a slow connection. */
const patienceMilliseconds = 30_000

/** The place that is still waited for; null: none. */
let awaited: number | null = null

/** Where the reader is, in pixels from the top: or where they are about to be, while the text is on its way. */
export const presentPlace = (): number => awaited ?? Math.round(window.scrollY)

/**
 * Scrolls to where the reader was before they went to sign in or loaded the page again. What follows the preview may still be on its
 * way: then again when the page has got long enough, unless the reader has begun to scroll.
 */
export function returnToPlace(place: number): void {
  if (place <= 0) return
  const reaches = () => document.documentElement.scrollHeight - window.innerHeight >= place
  window.scrollTo(0, place)
  if (reaches()) return

  awaited = place
  const stop = () => {
    awaited = null
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

/**
 * Writes the reader's place into the entry of the browser's history when the page goes away, so that a reload can return to it. The
 * entry ends with the tab, and no page of another site sees it.
 */
export function keepPlace(): void {
  window.addEventListener('pagehide', () => {
    const place = presentPlace()
    if (place > 0) window.history.replaceState({ ...(window.history.state as object | null), place }, '')
  })
}
