import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'

/** Every code that an answer may carry, beside Apollo's own for parsing, validation and HTTP. */
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

/** A refusal that its reader may see: the code is for programs, the message for people, neither tells of our insides. */
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
    // Not GraphQLError's originalError: that one's message could reach an answer.
    if (options.cause !== undefined) this.cause = options.cause
  }
}

/** The message for a caller who has reached a rate limit. */
export const tooManyMessage = 'Too many requests. Try again after the number of seconds in Retry-After.'
/** What a reader is told of an outage, which passes. */
export const unavailableMessage = 'This is not available at the moment. Try again.'
/** How long to wait after SERVICE_UNAVAILABLE before asking again, in seconds. */
export const retryAfterSeconds = 5

/** What is not there and what is not yours, alike: telling them apart would say that it is there. */
export const notFound = (what: string): CodedError => new CodedError('NOT_FOUND', `There is no such ${what}.`)

export const badInput = (message: string): CodedError => new CodedError('BAD_USER_INPUT', message)
