import { Link } from 'gatsby'
import { addressOfList } from '../../../addresses/addresses.ts'
import type { ArticleHeadFragment } from '../../../api/operations.ts'
import { accessLabel, type ReadingRights } from '../../../articles/access-label.ts'
import { textAttributes } from '../../../articles/text-attributes.ts'
import { dayOf } from '../../../ui/format/dates.ts'
import { Meta } from '../../../ui/layout/Meta.tsx'
import { EmptyFallback, part } from '../../../ui/part.tsx'
import { BookmarkButton, type BookmarkButtonProps } from './BookmarkButton.tsx'
import { TextSize } from './TextSize.tsx'
import * as css from './ArticleHeader.module.css'

const Bookmark = part<BookmarkButtonProps>(EmptyFallback)('bookmark', BookmarkButton)
const Size = part<object>(EmptyFallback)('text-size', TextSize)

interface ArticleHeaderProps {
  readonly article: ArticleHeadFragment
  readonly bookmarked: boolean | null
  readonly rights: ReadingRights
  /** Whether the API granted access; null if it is not known. */
  readonly granted: boolean | null
}

export function ArticleHeader({ article, bookmarked, rights, granted }: ArticleHeaderProps) {
  const { id, title, author, series, publishedAt, readingMinutes, visibility } = article
  return (
    <header className={css.header}>
      {series ? (
        <p className={css.series}>
          <Link to={addressOfList('series', series.slug)} dir="auto">
            {series.name}
          </Link>
        </p>
      ) : null}
      <h1 className={css.title} {...textAttributes(article)}>
        {title}
      </h1>
      <Meta>
        <Link to={addressOfList('author', author.slug)} dir="auto">
          {author.name}
        </Link>
        <time dateTime={publishedAt}>{dayOf(publishedAt)}</time>
        <>{readingMinutes} min read</>
        <>{accessLabel(visibility, rights, { granted })}</>
      </Meta>
      <div className={`needs-script not-printed ${css.tools}`}>
        <Bookmark articleId={id} bookmarked={bookmarked} />
        <Size />
      </div>
    </header>
  )
}
