import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'

/** Every error code of the API, besides Apollo's codes for parsing, validation and HTTP. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'SUBSCRIPTION_REQUIRED',
  'ACCOUNT_DISABLED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'AUTH_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** A refusal that is sent to the reader. The code is for programs, the message for people. Neither reveals internal details. */
export class CodedError extends GraphQLError {
  readonly code: ErrorCode

  constructor(
    code: ErrorCode,
    message: string,
    options: { extensions?: GraphQLErrorExtensions; cause?: unknown } = {},
  ) {
    super(message, { extensions: { ...options.extensions, code } })
    this.name = 'CodedError'
    this.code = code
    // GraphQLError's `originalError` is not used: its message could reach a response.
    if (options.cause !== undefined) this.cause = options.cause
  }
}

/** The message for a caller who has reached a rate limit. */
export const tooManyMessage = 'Too many requests. Try again after the number of seconds in Retry-After.'
/** The message of SERVICE_UNAVAILABLE. */
export const unavailableMessage = 'This is not available at the moment. Try again.'
/** How long clients wait after SERVICE_UNAVAILABLE before they retry, in seconds. */
export const retryAfterSeconds = 5

/** The refusal for a missing object and for an object of another member. A different answer would reveal that it exists. */
export const notFound = (what: string): CodedError => new CodedError('NOT_FOUND', `There is no such ${what}.`)

export const badInput = (message: string): CodedError => new CodedError('BAD_USER_INPUT', message)
