import { isTemporary, causeOf, isRetryable, isMembersOnly, retryAfterOf, type FailureCause } from '../../api/errors.ts'
import { useApiQuery, useLastError } from '../../api/hooks.ts'
import { ArticleDocument, type ArticleQuery } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { useRepeat } from '../../live/index.ts'

export type LiveArticle = NonNullable<ArticleQuery['article']>

/** What the API says of an article now. */
export type ArticleAnswer =
  /** Nothing yet. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly article: LiveArticle }
  /** Not there, or not published, alike. */
  | { readonly kind: 'missing' }
  /** TEASERS=members, and nobody is signed in. */
  | { readonly kind: 'members-only' }
  /** Nothing came. Where that may pass, it is asked again with growing pauses. */
  | { readonly kind: 'failed'; readonly cause: FailureCause }

export interface ArticleQuestion {
  readonly answer: ArticleAnswer
  /** It is under way, be it again. */
  readonly asking: boolean
  readonly retry: () => Promise<unknown>
}

/**
 * Asks for an article, with what follows its preview unless the page has it whole. What was refused or could not be had is
 * part of the answer.
 */
export function useArticle(slug: string, withRest: boolean): ArticleQuestion {
  const { status } = useSession()
  const { data, previousData, error, loading, refetch, variables } = useApiQuery(ArticleDocument, {
    variables: { slug, withRest },
    skip: status === 'pending',
    // Asked again because something changed, it must not join a question from before.
    ownRequest: true,
  })
  // While it is asked again, and when that fails, what was there stays.
  const known = data ?? (variables?.slug === slug && previousData?.article?.slug === slug ? previousData : undefined)
  const lastError = useLastError(error, loading)
  const answer = status === 'pending' ? loadingAnswer : answerOf(known, lastError, loading)
  const undecided =
    (answer.kind === 'failed' && isTemporary(answer.cause)) ||
    // What is open stays open while the API is away; whether it still is was asked for a reason.
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

/** It could not be said whether it is open; or it is, and the text could not be had. */
export const isUndecided = ({ access, body }: LiveArticle, withRest: boolean): boolean =>
  access.reason === 'UNAVAILABLE' || (withRest && access.granted && !body)
