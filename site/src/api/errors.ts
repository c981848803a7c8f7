import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { ProviderUnavailable, SessionEnded } from '../auth/session-errors.ts'

/** Why a query has no answer. */
export type FailureCause =
  /** The API did not answer, or is unavailable. */
  | 'api'
  /** The API limits the rate of requests from here. */
  | 'busy'
  /** The identity provider did not answer, so there is no token. */
  | 'provider'
  /** The session has ended. */
  | 'session'
  /** The API refused the token, and a fresh one. */
  | 'refused'

/** Returns the API's error code; `NO_ANSWER` if the API did not answer. */
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

/** Returns how long the API asks to wait, in seconds; null if it does not say. */
export function retryAfterOf(error: unknown): number | null {
  if (!ServerError.is(error)) return null
  const seconds = Number(error.response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}

export const isRefusedToken = (error: unknown): boolean => ServerError.is(error) && error.statusCode === 401

/** Returns whether there was no answer and a repeated query may get one. */
export const isRetryable = (error: unknown): boolean =>
  error !== undefined && !CombinedGraphQLErrors.is(error) && isTemporary(causeOf(error))

/** Returns whether only members see articles (TEASERS=members) and the reader is anonymous. A refused token is another case. */
export const isMembersOnly = (error: unknown): boolean => codeOf(error) === 'UNAUTHENTICATED' && !isRefusedToken(error)

/** Returns the cause of an error, in the categories that matter to a reader. */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof SessionEnded) return 'session'
  if (error instanceof ProviderUnavailable) return 'provider'
  if (isRefusedToken(error)) return 'refused'
  return codeOf(error) === 'RATE_LIMITED' ? 'busy' : 'api'
}

/** Returns whether a cause may pass by itself, so that the page repeats the query. */
export const isTemporary = (cause: FailureCause): boolean => cause === 'api' || cause === 'busy' || cause === 'provider'
