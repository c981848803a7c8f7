import { isTemporary, retryAfterOf } from '../api/errors.ts'
import { useApiQuery, useLastError } from '../api/hooks.ts'
import { ArticlesDocument } from '../api/operations.ts'
import { useSession } from '../auth/session.tsx'
import { useRepeat } from '../live/index.ts'
import { listAnswer, type ListAnswer } from './list-answer.ts'

export interface ArticleFilter {
  readonly tag?: string
  readonly author?: string
  readonly series?: string
}

/** Fetches a list of articles from the API, page by page. */
export function useArticles(filter: ArticleFilter): ListAnswer {
  const { status } = useSession()
  const { data, error, loading, fetchMore, refetch } = useApiQuery(ArticlesDocument, {
    variables: { first: 20, ...filter },
    skip: status === 'pending',
  })
  const page = data?.articles
  const fetchNext = (after: string) =>
    fetchMore({
      variables: { after },
      updateQuery: (before, { fetchMoreResult: { articles } }) =>
        articles && before.articles
          ? { articles: { ...articles, nodes: [...before.articles.nodes, ...articles.nodes] } }
          : before,
    })
  const lastError = useLastError(error, loading)
  const answer = listAnswer({ page, error: lastError, fetchNext, refetch })
  const wrong = answer.kind === 'failed' && isTemporary(answer.cause)
  useRepeat(refetch, {
    state: !wrong ? 'settled' : loading ? 'asking' : 'failed',
    retryAfterSeconds: retryAfterOf(lastError),
  })
  return answer
}
