import type { PageProps } from 'gatsby'
import { LiveRoute } from '../components/screens/LiveRoute.tsx'
import { Seo } from '../components/layout/Seo.tsx'

/** What was not built: the API may know it by now. */
export default function NotFoundPage({ location }: PageProps) {
  return <LiveRoute path={location.pathname} />
}

export const Head = () => <Seo title="Not found" path="/404/" unlisted />
