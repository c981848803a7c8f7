import { useApiQuery, useLastError } from '../../api/hooks.ts'
import { BookmarksDocument } from '../../api/operations.ts'
import { ArticleList } from '../../articles/ArticleList.tsx'
import { listAnswer, type ListAnswer } from '../../articles/list-answer.ts'
import { useReadingRights } from '../../articles/use-reading-rights.ts'
import { LoadProblem } from '../../fallbacks/LoadProblem.tsx'
import { Button } from '../../ui/controls/Button.tsx'

export function BookmarksPart() {
  const { kind, cause, articles, more, retry } = useBookmarks()
  const rights = useReadingRights()
  if (kind === 'loading') return <p role="status">Loading your bookmarks …</p>
  if (kind !== 'loaded') return <LoadProblem cause={cause} what="The list of your bookmarks" onRetry={retry} />
  if (articles.length === 0) return <p>No bookmarks yet. Use the button below an article’s title.</p>
  return (
    <>
      <ArticleList articles={articles} rights={rights} heading="h3" />
      {more ? <Button onPress={more}>Show more</Button> : null}
    </>
  )
}

/** Fetches the reader's bookmarks, the latest first. */
function useBookmarks(): ListAnswer {
  const { data, error, loading, fetchMore, refetch } = useApiQuery(BookmarksDocument, { variables: { first: 20 } })
  const page = data?.bookmarks
  const fetchNext = (after: string) =>
    fetchMore({
      variables: { after },
      updateQuery: (before, { fetchMoreResult: { bookmarks } }) =>
        bookmarks && before.bookmarks
          ? { bookmarks: { ...bookmarks, nodes: [...before.bookmarks.nodes, ...bookmarks.nodes] } }
          : before,
    })
  return listAnswer({ page, error: useLastError(error, loading), fetchNext, refetch })
}
