import type { GatsbyBrowser } from 'gatsby'
import { rememberScrollPosition, savedScrollPosition, restoreScrollPosition } from './src/ui/scroll-position.ts'
import { keepStaticHtml } from './src/app/static-html.tsx'
import { Root } from './src/app/Root.tsx'
import './src/styles/fonts.css'
import './src/styles/tokens.css'
import './src/styles/base.css'
import './src/styles/print.css'

// Not wrapRootElement: Gatsby wraps each page's Head with it as well, so there would be two of each provider.
export const wrapPageElement: GatsbyBrowser['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

export const onClientEntry: GatsbyBrowser['onClientEntry'] = () => {
  keepStaticHtml()
  rememberScrollPosition()
}

/** Leaves the scroll position to `restoreScrollPosition` after a sign-in, a reload or a return from another page. */
export const shouldUpdateScroll: GatsbyBrowser['shouldUpdateScroll'] = ({ routerProps: { location } }) =>
  savedScrollPosition(location) === null

export const onRouteUpdate: GatsbyBrowser['onRouteUpdate'] = ({ location }) =>
  restoreScrollPosition(window.location.pathname, savedScrollPosition(location))
