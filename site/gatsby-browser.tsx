import type { GatsbyBrowser } from 'gatsby'
import { keepPlace, returnToPlace } from './src/lib/return-to-place.ts'
import { keepStaticPage } from './src/lib/static-page.ts'
import { Root } from './src/root.tsx'
import './src/styles/fonts.css'
import './src/styles/tokens.css'
import './src/styles/base.css'
import './src/styles/print.css'

// Not wrapRootElement: Gatsby puts that around each page's Head as well, and there would be two of everything.
export const wrapPageElement: GatsbyBrowser['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

export const onClientEntry: GatsbyBrowser['onClientEntry'] = () => {
  keepStaticPage()
  keepPlace()
}

/** From the router's location; the DOM's, of which the types speak, has no state. */
const placeOf = (location: object): number | null => {
  const state: unknown = 'state' in location ? location.state : null
  return typeof state === 'object' && state !== null && 'place' in state && typeof state.place === 'number'
    ? state.place
    : null
}

/** Somebody comes back from signing in, or loads the page again: to the very place where they were, not to the top. */
export const shouldUpdateScroll: GatsbyBrowser['shouldUpdateScroll'] = ({ routerProps: { location } }) =>
  placeOf(location) === null

export const onRouteUpdate: GatsbyBrowser['onRouteUpdate'] = ({ location }) => {
  const place = placeOf(location)
  if (place === null) return
  returnToPlace(place)
  // Once: a reload later on stays where the reader is by then.
  window.history.replaceState({ ...(window.history.state as object), place: null }, '')
}
