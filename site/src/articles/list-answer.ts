import { causeOf, isMembersOnly, type FailureCause } from '../api/errors.ts'
import type { ArticleHeadFragment } from '../api/operations.ts'

/** The state of a list of articles. */
export interface ListAnswer {
  readonly kind: 'loading' | 'loaded' | 'members-only' | 'failed'
  /** Why it failed. */
  readonly cause: FailureCause
  readonly articles: readonly ArticleHeadFragment[]
  /** Fetches more; null if there are no more. @throws Error with a message for the reader */
  readonly more: (() => Promise<void>) | null
  readonly retry: () => Promise<unknown>
}

interface Facts {
  readonly page:
    | {
        readonly nodes: readonly ArticleHeadFragment[]
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
      }
    | null
    | undefined
  readonly error: unknown
  readonly fetchNext: (after: string) => Promise<{ readonly error?: unknown }>
  readonly refetch: () => Promise<unknown>
}

export function listAnswer({ page, error, fetchNext, refetch }: Facts): ListAnswer {
  const next = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  const more = async (after: string) => {
    const { error: problem } = await fetchNext(after)
    if (problem) throw new Error('More articles couldn’t be loaded. Try again in a moment.')
  }
  return {
    kind: page ? 'loaded' : error ? (isMembersOnly(error) ? 'members-only' : 'failed') : 'loading',
    cause: causeOf(error),
    articles: page?.nodes ?? [],
    more: next === null ? null : () => more(next),
    retry: refetch,
  }
}
