import type { HeadProps, PageProps } from 'gatsby'
import type { ListContext } from '../../gatsby/pages.ts'
import { ListScreen } from '../features/lists/ListScreen.tsx'
import { ListSeo } from '../features/lists/ListSeo.tsx'

export default function ListPage({ pageContext }: PageProps<object, ListContext>) {
  return <ListScreen {...pageContext} />
}

export function Head({ pageContext: { name, paging, articles }, location }: HeadProps<object, ListContext>) {
  return <ListSeo name={name} articles={articles} path={location.pathname} page={paging.page} />
}
