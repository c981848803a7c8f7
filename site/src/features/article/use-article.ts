import { useApiQuery, useLastError } from '../../api/hooks.ts'
import { useSession } from '../../auth/session.tsx'
import { passes, type Cause } from '../../api/errors.ts'
import { ArticleDocument, type ArticleQuery } from '../../api/operations.ts'
import { causeOf, cameToNothing, isMembersOnly, retryAfterOf } from '../../api/errors.ts'
import { useRepeat } from '../../live/index.ts'

export type LiveArticle = NonNullable<ArticleQuery['article']>

/** What the API says of an article now. */
export type ArticleAnswer =
  /** Nothing yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly article: LiveArticle }
  /** Not there, or not published, alike. */
  | { readonly kind: 'gone' }
  /** TEASERS=members, and nobody is signed in. */
  | { readonly kind: 'members-only' }
  /** Nothing came. Where that may pass, it is asked again with growing pauses. */
  | { readonly kind: 'away'; readonly cause: Cause }

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
  const answer = status === 'pending' ? waiting : answerOf(known, lastError, loading)
  const undecided =
    (answer.kind === 'away' && passes(answer.cause)) ||
    // What is open stays open while the API is away; whether it still is was asked for a reason.
    (answer.kind === 'here' && (isUndecided(answer.article, withRest) || cameToNothing(lastError)))
  useRepeat(refetch, {
    state: !undecided ? 'settled' : loading ? 'asking' : 'failed',
    retryAfterSeconds: retryAfterOf(lastError),
    endsAt: answer.kind === 'here' ? answer.article.access.until : null,
  })
  return { answer, asking: loading, retry: refetch }
}

const waiting: ArticleAnswer = { kind: 'waiting' }

function answerOf(data: ArticleQuery | undefined, error: unknown, loading: boolean): ArticleAnswer {
  if (data?.article) return { kind: 'here', article: data.article }
  if (loading && !error) return waiting
  if (data && !error) return { kind: 'gone' }
  if (isMembersOnly(error)) return { kind: 'members-only' }
  return error ? { kind: 'away', cause: causeOf(error) } : waiting
}

/** It could not be said whether it is open; or it is, and the text could not be had. */
export const isUndecided = ({ access, body }: LiveArticle, withRest: boolean): boolean =>
  access.reason === 'UNAVAILABLE' || (withRest && access.granted && !body)
