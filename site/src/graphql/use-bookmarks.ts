import { useQuery } from '@apollo/client/react'
import { BookmarksDocument } from './operations.ts'
import { useLastError } from './use-retry.ts'
import { listAnswer, type ListAnswer } from './list-answer.ts'

/** The reader's own bookmarks, the latest first. */
export function useBookmarks(): ListAnswer {
  const { data, error, loading, fetchMore, refetch } = useQuery(BookmarksDocument, {
    variables: { first: 20 },
    fetchPolicy: 'cache-and-network',
  })
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
