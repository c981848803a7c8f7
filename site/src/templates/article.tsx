import type { HeadProps, PageProps } from 'gatsby'
import type { ArticleContext } from '../../gatsby/pages.ts'
import { Seo } from '../components/layout/Seo.tsx'
import { ArticleScreen } from '../components/screens/article/ArticleScreen.tsx'

export default function ArticlePage({ pageContext: { article, previous, next } }: PageProps<object, ArticleContext>) {
  return <ArticleScreen key={article.slug} slug={article.slug} built={article} neighbours={{ previous, next }} />
}

export function Head({ pageContext: { article }, location }: HeadProps<object, ArticleContext>) {
  const { title, excerpt, publishedAt, author } = article
  return (
    <Seo
      kind="article"
      title={title}
      description={excerpt}
      path={location.pathname}
      publishedAt={publishedAt}
      author={author.name}
    />
  )
}
