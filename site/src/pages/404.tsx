import type { HeadProps, PageProps } from 'gatsby'
import { parseUnbuiltPath } from '../addresses/unbuilt-path.ts'
import { UnbuiltPage } from '../app/UnbuiltPage.tsx'
import { site } from '../env.ts'
import { NeutralSeo, Seo } from '../ui/Seo.tsx'

/** What was not built: the API may know it by now. Also the page at `/unbuilt/`, for hosts that cannot ask. */
export default function NotFoundPage({ location }: PageProps) {
  return <UnbuiltPage path={location.pathname} />
}

/** The page of an address that the API may know says what it is as soon as it is known. Until then it says nothing false. */
export function Head({ location, pageContext }: HeadProps<object, { readonly unbuilt?: boolean }>) {
  if (pageContext.unbuilt) return <NeutralSeo title={site.name} />
  if (parseUnbuiltPath(location.pathname)) return <NeutralSeo />
  return <Seo title="Not found" path="/404/" unlisted />
}
