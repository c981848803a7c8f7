import type { HeadProps, PageProps } from 'gatsby'
import type { HomeContext } from '../../gatsby/pages.ts'
import { HomeScreen } from '../features/home/HomeScreen.tsx'
import { Seo } from '../ui/Seo.tsx'

export default function HomePage({ pageContext }: PageProps<object, HomeContext>) {
  return <HomeScreen {...pageContext} />
}

export function Head({ pageContext: { paging }, location }: HeadProps<object, HomeContext>) {
  return <Seo {...(paging.page > 1 && { title: `All articles, page ${paging.page}` })} path={location.pathname} />
}
