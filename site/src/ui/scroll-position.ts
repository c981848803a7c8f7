/** Long enough for a silent sign-in and an article over a slow connection. */
const giveUpAfterMs = 30_000
/** The position is written when scrolling has rested for this long. Safari allows 100 writes in 30 seconds. */
const restMs = 300

interface Pending {
  /** Pixels from the top. */
  readonly place: number
  readonly stop: () => void
}

/** The position that the page waits for; null if there is none. */
let pending: Pending | null = null
/** Path of the page on the screen. During a navigation it differs from the address. */
let shownPath: string | null = null

/** Returns the scroll position in pixels; while the text is loading, the position that the page will return to. */
export const currentScrollPosition = (): number => pending?.place ?? Math.round(window.scrollY)

/**
 * Restores the position of a page that has just been rendered.
 *
 * @param place from `savedScrollPosition`; null leaves the position to the router
 */
export function restoreScrollPosition(pathname: string, place: number | null): void {
  pending?.stop()
  shownPath = pathname
  // A reader who was at the top stays there, or where the page has scrolled since.
  if (place !== null && place > 0) returnTo(place)
}

/**
 * Scrolls to where the reader was before they signed in, reloaded the page or left it. If the page is still too short, it scrolls again
 * when the body has arrived, unless the reader has begun to act.
 */
function returnTo(place: number): void {
  const reaches = () => document.documentElement.scrollHeight - window.innerHeight >= place
  window.scrollTo(0, place)
  if (reaches()) return

  const stop = () => {
    pending = null
    observer.disconnect()
    clearTimeout(timer)
    for (const sign of signs) window.removeEventListener(sign, stop)
  }
  const observer = new ResizeObserver(() => {
    if (!reaches()) return
    stop()
    window.scrollTo(0, place)
  })
  const timer = setTimeout(stop, giveUpAfterMs)
  for (const sign of signs) window.addEventListener(sign, stop, { passive: true })
  pending = { place, stop }
  observer.observe(document.body)
}

/** Events that show that the reader acts. A press may be on the scroll bar. */
const signs = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

/**
 * Writes the scroll position into the page's entry of the browser's history, so that a reload can return to it. The entry ends with the
 * tab, and other sites cannot read it. It is written while the page is open: Chromium loses a position that is written when the page goes
 * away.
 */
export function rememberScrollPosition(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    clearTimeout(timer)
    // The router restores the top by itself.
    const place = currentScrollPosition() || null
    if (window.location.pathname !== shownPath || savedScrollPosition(window.history) === place) return
    window.history.replaceState({ ...(window.history.state as object | null), place }, '')
  }
  window.addEventListener(
    'scroll',
    () => {
      clearTimeout(timer)
      timer = setTimeout(write, restMs)
    },
    { passive: true },
  )
  // A link may lead to another entry before scrolling has rested.
  window.addEventListener('click', write, { capture: true })
  // The reader may return from another tab or another page.
  document.addEventListener('visibilitychange', write)
  window.addEventListener('pagehide', write)
}

/** Reads the position from an entry of the browser's history or from the router's location; null if there is none. */
export function savedScrollPosition(entry: object): number | null {
  const state: unknown = 'state' in entry ? entry.state : null
  return typeof state === 'object' && state !== null && 'place' in state && typeof state.place === 'number'
    ? state.place
    : null
}
