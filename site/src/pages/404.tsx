import type { HeadProps, PageProps } from 'gatsby'
import { LiveRoute } from '../components/screens/LiveRoute.tsx'
import { liveAddressOf } from '../lib/live-route.ts'
import { Seo } from '../components/layout/Seo.tsx'

/** What was not built: the API may know it by now. */
export default function NotFoundPage({ location }: PageProps) {
  return <LiveRoute path={location.pathname} />
}

/** An address that the API may know gets its title from what it is. */
export const Head = ({ location }: HeadProps) => (
  <Seo title={liveAddressOf(location.pathname) ? null : 'Not found'} path="/404/" unlisted />
)
