import { addressOfArticle } from '../../addresses/addresses.ts'
import type { ArticleHeadFragment } from '../../api/operations.ts'
import { Seo } from '../../ui/Seo.tsx'

/** The metadata of an article's page. */
export function ArticleSeo({ article }: { article: ArticleHeadFragment }) {
  const { slug, title, excerpt, publishedAt, author } = article
  return (
    <Seo
      kind="article"
      title={title}
      description={excerpt}
      path={addressOfArticle(slug)}
      publishedAt={publishedAt}
      author={author.name}
    />
  )
}
