import { Link } from 'gatsby'
import { addressOfArticle, addressOfList } from '../addresses/addresses.ts'
import { dayOf } from '../ui/format/dates.ts'
import { Meta } from '../ui/layout/Meta.tsx'
import { accessLabel, type ListedArticle, type ReadingRights } from './access-label.ts'
import { withEllipsis } from './ellipsis.ts'
import { textAttributes } from './text-attributes.ts'
import * as css from './ArticleList.module.css'

type Heading = 'h2' | 'h3'

export function ArticleList({
  articles,
  rights,
  heading = 'h2',
}: {
  articles: readonly ListedArticle[]
  /** The reader's rights. Articles that are open to the reader have a label. */
  rights: ReadingRights
  heading?: Heading
}) {
  return (
    <ol className={css.list}>
      {articles.map((article) => (
        <li key={article.slug}>
          <Card article={article} rights={rights} heading={heading} />
        </li>
      ))}
    </ol>
  )
}

interface CardProps {
  readonly article: ListedArticle
  readonly rights: ReadingRights
  readonly heading: Heading
}

function Card({ article, rights, heading: Title }: CardProps) {
  const { slug, title, excerpt, author, publishedAt, readingMinutes, visibility, openedBy } = article
  const text = textAttributes(article)
  return (
    <article className={css.card}>
      <Title className={css.title} {...text}>
        <Link to={addressOfArticle(slug)}>{title}</Link>
      </Title>
      <p className={css.excerpt} {...text}>
        {withEllipsis(excerpt)}
      </p>
      <Meta>
        <Link to={addressOfList('author', author.slug)} dir="auto">
          {author.name}
        </Link>
        <time dateTime={publishedAt}>{dayOf(publishedAt)}</time>
        <>{readingMinutes} min</>
        <>{accessLabel(visibility, rights, { openedBy })}</>
      </Meta>
    </article>
  )
}
