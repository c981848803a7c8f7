import type { HeadProps, PageProps } from 'gatsby'
import type { ArticleContext } from '../../gatsby/pages.ts'
import { ArticleScreen } from '../features/article/ArticleScreen.tsx'
import { ArticleSeo } from '../features/article/ArticleSeo.tsx'

export default function ArticlePage({ pageContext: { article, previous, next } }: PageProps<object, ArticleContext>) {
  return <ArticleScreen key={article.slug} slug={article.slug} built={article} neighbours={{ previous, next }} />
}

export function Head({ pageContext: { article } }: HeadProps<object, ArticleContext>) {
  return <ArticleSeo article={article} />
}
