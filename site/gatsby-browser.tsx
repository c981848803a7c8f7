import type { GatsbyBrowser } from 'gatsby'
import { keepPlace, placeOf, showPlace } from './src/ui/return-to-place.ts'
import { keepStaticPage } from './src/app/static-page.ts'
import { Root } from './src/app/root.tsx'
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

/** Somebody comes back from signing in or from another page, or loads the page again: to the very place where they were. */
export const shouldUpdateScroll: GatsbyBrowser['shouldUpdateScroll'] = ({ routerProps: { location } }) =>
  placeOf(location) === null

export const onRouteUpdate: GatsbyBrowser['onRouteUpdate'] = ({ location }) =>
  showPlace(window.location.pathname, placeOf(location))
