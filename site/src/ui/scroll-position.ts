/** A silent sign-in and the article, over a slow connection. */
const patienceMilliseconds = 30_000
/** A scroll that has rested for this long is written down: Safari takes 100 writes in 30 seconds. */
const restMilliseconds = 300

interface Pending {
  /** Pixels from the top. */
  readonly place: number
  readonly stop: () => void
}

/** The place that is still waited for; null: none. */
let pending: Pending | null = null
/** Path of the page that is on the screen. During a navigation it is not yet that of the address. */
let shownPath: string | null = null

/** Where the reader is, in pixels from the top: or where they are about to be, while the text is on its way. */
export const currentScrollPosition = (): number => pending?.place ?? Math.round(window.scrollY)

/**
 * Begins with a page that has just been drawn.
 *
 * @param place where the reader was in it, from `savedScrollPosition`; null leaves the scroll position to the router
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
  const timer = setTimeout(stop, patienceMilliseconds)
  for (const sign of signs) window.addEventListener(sign, stop, { passive: true })
  pending = { place, stop }
  observer.observe(document.body)
}

/** That the reader acts by themselves; a press is on the scroll bar, too. */
const signs = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

/**
 * Keeps the reader's place in the entry of the browser's history, so that a reload can return to it. The entry ends with the tab,
 * and no page of another site sees it. It is written while the page stands: what is written when a page goes away is lost, since
 * Chromium has taken the entry for its reload by then.
 */
export function rememberScrollPosition(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    clearTimeout(timer)
    // The top is the router's own.
    const place = currentScrollPosition() || null
    if (window.location.pathname !== shownPath || savedScrollPosition(window.history) === place) return
    window.history.replaceState({ ...(window.history.state as object | null), place }, '')
  }
  window.addEventListener(
    'scroll',
    () => {
      clearTimeout(timer)
      timer = setTimeout(write, restMilliseconds)
    },
    { passive: true },
  )
  // A link may lead to another entry before the scroll has rested.
  window.addEventListener('click', write, { capture: true })
  // Another tab, or another page that the browser may come back from.
  document.addEventListener('visibilitychange', write)
  window.addEventListener('pagehide', write)
}

/** Reads the place from an entry of the browser's history, or from the router's location; null: there is none. */
export function savedScrollPosition(entry: object): number | null {
  const state: unknown = 'state' in entry ? entry.state : null
  return typeof state === 'object' && state !== null && 'place' in state && typeof state.place === 'number'
    ? state.place
    : null
}
