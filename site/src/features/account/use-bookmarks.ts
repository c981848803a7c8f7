import { useApiQuery, useLastError } from '../../api/hooks.ts'
import { BookmarksDocument } from '../../api/operations.ts'
import { listAnswer, type ListAnswer } from '../../articles/list-answer.ts'

/** The reader's own bookmarks, the latest first. */
export function useBookmarks(): ListAnswer {
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
