import type { HeadProps, PageProps } from 'gatsby'
import type { ArchiveContext } from '../../gatsby/pages.ts'
import { ArchiveScreen } from '../features/lists/ArchiveScreen.tsx'
import { Seo } from '../ui/Seo.tsx'

export default function ArchivePage({ pageContext }: PageProps<object, ArchiveContext>) {
  return <ArchiveScreen {...pageContext} />
}

export function Head({ pageContext: { paging }, location }: HeadProps<object, ArchiveContext>) {
  const title = paging.page > 1 ? `Archive, page ${paging.page}` : 'Archive'
  return <Seo title={title} description="All articles, newest first." path={location.pathname} />
}
