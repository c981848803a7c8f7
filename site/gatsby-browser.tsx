import type { GatsbyBrowser } from 'gatsby'
import { rememberScrollPosition, savedScrollPosition, restoreScrollPosition } from './src/ui/scroll-position.ts'
import { keepStaticHtml } from './src/app/static-html.tsx'
import { Root } from './src/app/Root.tsx'
import './src/styles/fonts.css'
import './src/styles/tokens.css'
import './src/styles/base.css'
import './src/styles/print.css'

// Not wrapRootElement: Gatsby puts that around each page's Head as well, and there would be two of everything.
export const wrapPageElement: GatsbyBrowser['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

export const onClientEntry: GatsbyBrowser['onClientEntry'] = () => {
  keepStaticHtml()
  rememberScrollPosition()
}

/** Somebody comes back from signing in or from another page, or loads the page again: to the very place where they were. */
export const shouldUpdateScroll: GatsbyBrowser['shouldUpdateScroll'] = ({ routerProps: { location } }) =>
  savedScrollPosition(location) === null

export const onRouteUpdate: GatsbyBrowser['onRouteUpdate'] = ({ location }) =>
  restoreScrollPosition(window.location.pathname, savedScrollPosition(location))
