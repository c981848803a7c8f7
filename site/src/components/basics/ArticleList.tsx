import { Link } from 'gatsby'
import type { ArticleHeadFragment } from '../../graphql/operations.ts'
import { addressOfArticle, addressOfList } from '../../lib/addresses.ts'
import { dayOf } from '../../lib/dates.ts'
import { opening } from '../../lib/opening.ts'
import { lockWord } from '../../lib/visibility.ts'
import { Meta } from './Meta.tsx'
import * as css from './ArticleList.module.css'

type Heading = 'h2' | 'h3'

export function ArticleList({
  articles,
  heading = 'h2',
}: {
  articles: readonly ArticleHeadFragment[]
  heading?: Heading
}) {
  return (
    <ol className={css.list}>
      {articles.map((article) => (
        <li key={article.slug}>
          <Card article={article} heading={heading} />
        </li>
      ))}
    </ol>
  )
}

function Card({ article, heading: Title }: { article: ArticleHeadFragment; heading: Heading }) {
  const { slug, title, excerpt, author, publishedAt, readingMinutes, visibility } = article
  return (
    <article className={css.card}>
      <Title className={css.title}>
        <Link to={addressOfArticle(slug)}>{title}</Link>
      </Title>
      <p className={css.excerpt}>{opening(excerpt)}</p>
      <Meta>
        <Link to={addressOfList('author', author.slug)}>{author.name}</Link>
        <time dateTime={publishedAt}>{dayOf(publishedAt)}</time>
        <>{readingMinutes} min</>
        <>{lockWord(visibility)}</>
      </Meta>
    </article>
  )
}
