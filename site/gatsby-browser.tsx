import type { GatsbyBrowser } from 'gatsby'
import { Root } from './src/root.tsx'
import './src/styles/fonts.css'
import './src/styles/tokens.css'
import './src/styles/base.css'

// Not wrapRootElement: Gatsby puts that around each page's Head as well, and there would be two of everything.
export const wrapPageElement: GatsbyBrowser['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

/** Somebody comes back from signing in: to the very place where they were. */
export const shouldUpdateScroll: GatsbyBrowser['shouldUpdateScroll'] = ({ routerProps: { location } }) => {
  const place = (location.state as { place?: number } | null)?.place
  return place === undefined ? true : [0, place]
}
