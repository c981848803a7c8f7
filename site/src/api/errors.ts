import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { ProviderUnavailable, SessionEnded } from '../auth/session-errors.ts'

/** Why nothing came. */
export type FailureCause =
  /** The API did not answer, or cannot now. */
  | 'api'
  /** It has had enough questions from here for the moment. */
  | 'busy'
  /** The identity provider did not answer, so there is no token to ask with. */
  | 'provider'
  /** The session is over. */
  | 'session'
  /** The API does not take the token, nor a fresh one. */
  | 'refused'

/** What went wrong, as the API's code; `NO_ANSWER` when nothing answered at all. */
export function codeOf(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) {
    const code: unknown = error.errors[0]?.extensions?.code
    return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR'
  }
  if (!ServerError.is(error)) return 'NO_ANSWER'
  try {
    const body = JSON.parse(error.bodyText) as { errors?: { extensions?: { code?: string } }[] }
    return body.errors?.[0]?.extensions?.code ?? 'NO_ANSWER'
  } catch {
    return 'NO_ANSWER'
  }
}

/** How long the API asks to wait, in seconds; null: it does not say. */
export function retryAfterOf(error: unknown): number | null {
  if (!ServerError.is(error)) return null
  const seconds = Number(error.response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}

export const isRefusedToken = (error: unknown): boolean => ServerError.is(error) && error.statusCode === 401

/** There was no answer, and asking again may bring one. */
export const isRetryable = (error: unknown): boolean =>
  error !== undefined && !CombinedGraphQLErrors.is(error) && isTemporary(causeOf(error))

/** TEASERS=members, and nobody is signed in. A token that was refused is something else. */
export const isMembersOnly = (error: unknown): boolean => codeOf(error) === 'UNAUTHENTICATED' && !isRefusedToken(error)

/** Why nothing came, as far as a reader is concerned. */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof SessionEnded) return 'session'
  if (error instanceof ProviderUnavailable) return 'provider'
  if (isRefusedToken(error)) return 'refused'
  return codeOf(error) === 'RATE_LIMITED' ? 'busy' : 'api'
}

/** Whether asking again by itself may help. */
export const isTemporary = (cause: FailureCause): boolean => cause === 'api' || cause === 'busy' || cause === 'provider'
