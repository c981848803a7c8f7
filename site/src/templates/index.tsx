import type { HeadProps, PageProps } from 'gatsby'
import type { IndexContext } from '../../gatsby/pages.ts'
import { indexTitles, IndexScreen } from '../features/lists/IndexScreen.tsx'
import { Seo } from '../ui/Seo.tsx'

export default function IndexPage({ pageContext }: PageProps<object, IndexContext>) {
  return <IndexScreen {...pageContext} />
}

export function Head({ pageContext: { kind, items }, location }: HeadProps<object, IndexContext>) {
  const names = items.slice(0, 5).map(({ name }) => name)
  const title = indexTitles[kind]
  return (
    <Seo title={title} description={[title, names.join(', ')].filter(Boolean).join(': ')} path={location.pathname} />
  )
}
