import type { HeadProps, PageProps } from 'gatsby'
import type { ListContext } from '../../gatsby/pages.ts'
import { Seo } from '../components/layout/Seo.tsx'
import { ListScreen } from '../components/screens/ListScreen.tsx'

export default function ListPage({ pageContext }: PageProps<object, ListContext>) {
  return <ListScreen {...pageContext} />
}

export function Head({ pageContext: { name, paging, articles }, location }: HeadProps<object, ListContext>) {
  const title = paging.page > 1 ? `${name}, page ${paging.page}` : name
  const description = `${name}: ${articles
    .slice(0, 3)
    .map((article) => article.title)
    .join(', ')} and more.`
  return <Seo title={title} description={description} path={location.pathname} />
}
