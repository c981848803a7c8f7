import { Link } from 'gatsby'
import type { ArticleHeadFragment } from '../../../graphql/operations.ts'
import { addressOfList } from '../../../lib/addresses.ts'
import { dayOf } from '../../../lib/dates.ts'
import { lockWord } from '../../../lib/visibility.ts'
import { Meta } from '../../basics/Meta.tsx'
import { Nothing, part } from '../../basics/part.tsx'
import { BookmarkButton, type BookmarkButtonProps } from './BookmarkButton.tsx'
import { TextSize } from './TextSize.tsx'
import * as css from './ArticleHeader.module.css'

const Bookmark = part<BookmarkButtonProps>(Nothing)('bookmark', BookmarkButton)
const Size = part<object>(Nothing)('text-size', TextSize)

export function ArticleHeader({ article, bookmarked }: { article: ArticleHeadFragment; bookmarked: boolean | null }) {
  const { id, title, author, series, publishedAt, readingMinutes, visibility } = article
  return (
    <header className={css.header}>
      {series ? (
        <p className={css.series}>
          <Link to={addressOfList('series', series.slug)}>{series.name}</Link>
        </p>
      ) : null}
      <h1 className={css.title}>{title}</h1>
      <Meta>
        <Link to={addressOfList('author', author.slug)}>{author.name}</Link>
        <time dateTime={publishedAt}>{dayOf(publishedAt)}</time>
        <>{readingMinutes} min read</>
        <>{lockWord(visibility)}</>
      </Meta>
      <div className={`needs-script not-printed ${css.tools}`}>
        <Bookmark articleId={id} bookmarked={bookmarked} />
        <Size />
      </div>
    </header>
  )
}
