import { isTemporary, causeOf, isRetryable, isMembersOnly, retryAfterOf, type FailureCause } from '../../api/errors.ts'
import { useApiQuery, useLastError } from '../../api/hooks.ts'
import { ArticleDocument, type ArticleQuery } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { useRepeat } from '../../live/index.ts'

type FetchedArticle = NonNullable<ArticleQuery['article']>

/** The API's answer about an article. */
type ArticleAnswer =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly article: FetchedArticle }
  /** Does not exist, or is not published. */
  | { readonly kind: 'missing' }
  /** TEASERS=members, and the reader is anonymous. */
  | { readonly kind: 'members-only' }
  /** There was no answer. If the cause is temporary, the query is repeated. */
  | { readonly kind: 'failed'; readonly cause: FailureCause }

interface ArticleQuestion {
  readonly answer: ArticleAnswer
  /** Whether the query is under way, or under way again. */
  readonly asking: boolean
  readonly retry: () => Promise<unknown>
}

/**
 * Fetches an article and keeps it current. Refusals and failures are part of the answer.
 *
 * @param withRest whether to ask for the text after the preview; false if the built page has it
 */
export function useArticle(slug: string, withRest: boolean): ArticleQuestion {
  const { status } = useSession()
  const { data, previousData, error, loading, refetch, variables } = useApiQuery(ArticleDocument, {
    variables: { slug, withRest },
    skip: status === 'pending',
    // A query after a change must not join one from before.
    ownRequest: true,
  })
  // While the query is repeated, and if that fails, the last answer stays.
  const known = data ?? (variables?.slug === slug && previousData?.article?.slug === slug ? previousData : undefined)
  const lastError = useLastError(error, loading)
  const answer = status === 'pending' ? loadingAnswer : answerOf(known, lastError, loading)
  const undecided =
    (answer.kind === 'failed' && isTemporary(answer.cause)) ||
    // An open article stays open while the API is unavailable, but the page had a reason to ask.
    (answer.kind === 'loaded' && (isUndecided(answer.article, withRest) || isRetryable(lastError)))
  useRepeat(refetch, {
    state: !undecided ? 'settled' : loading ? 'asking' : 'failed',
    retryAfterSeconds: retryAfterOf(lastError),
    endsAt: answer.kind === 'loaded' ? answer.article.access.until : null,
  })
  return { answer, asking: loading, retry: refetch }
}

const loadingAnswer: ArticleAnswer = { kind: 'loading' }

function answerOf(data: ArticleQuery | undefined, error: unknown, loading: boolean): ArticleAnswer {
  if (data?.article) return { kind: 'loaded', article: data.article }
  if (loading && !error) return loadingAnswer
  if (data && !error) return { kind: 'missing' }
  if (isMembersOnly(error)) return { kind: 'members-only' }
  return error ? { kind: 'failed', cause: causeOf(error) } : loadingAnswer
}

/** Returns whether access could not be decided, or was granted without the text. */
const isUndecided = ({ access, body }: FetchedArticle, withRest: boolean): boolean =>
  access.reason === 'UNAVAILABLE' || (withRest && access.granted && !body)
