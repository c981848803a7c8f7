import { Link } from 'gatsby'
import type { ArticleHeadFragment } from '../../../graphql/operations.ts'
import { dayOf } from '../../../lib/dates.ts'
import { lockWord } from '../../../lib/visibility.ts'
import { BookmarkButton } from './BookmarkButton.tsx'
import { TextSize } from './TextSize.tsx'
import * as css from './ArticleHeader.module.css'

export function ArticleHeader({ article, bookmarked }: { article: ArticleHeadFragment; bookmarked: boolean | null }) {
  const { id, title, author, series, publishedAt, readingMinutes, visibility } = article
  return (
    <header className={css.header}>
      {series ? (
        <p className={css.series}>
          <Link to={`/series/${series.slug}/`}>{series.name}</Link>
        </p>
      ) : null}
      <h1 className={css.title}>{title}</h1>
      <p className={css.meta}>
        <span>
          <Link to={`/authors/${author.slug}/`}>{author.name}</Link>
        </span>
        <span>
          <time dateTime={publishedAt}>{dayOf(publishedAt)}</time>
        </span>
        <span>{readingMinutes} min read</span>
        <span>{lockWord(visibility)}</span>
      </p>
      <div className={`needs-script ${css.tools}`}>
        <BookmarkButton articleId={id} bookmarked={bookmarked} />
        <TextSize />
      </div>
    </header>
  )
}
