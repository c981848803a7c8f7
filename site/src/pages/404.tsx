import type { HeadProps, PageProps } from 'gatsby'
import { parseUnbuiltPath } from '../addresses/unbuilt-path.ts'
import { UnbuiltPage } from '../app/UnbuiltPage.tsx'
import { site } from '../env.ts'
import { NeutralSeo, Seo } from '../ui/Seo.tsx'

/** The page of an address that was not built, which the API may know by now. Also `/unbuilt/`, for static hosts. */
export default function NotFoundPage({ location }: PageProps) {
  return <UnbuiltPage path={location.pathname} />
}

/** An address that the API may know gets neutral metadata. The screen sets the rest when the content is known. */
export function Head({ location, pageContext }: HeadProps<object, { readonly unbuilt?: boolean }>) {
  if (pageContext.unbuilt) return <NeutralSeo title={site.name} />
  if (parseUnbuiltPath(location.pathname)) return <NeutralSeo />
  return <Seo title="Not found" path="/404/" unlisted />
}
