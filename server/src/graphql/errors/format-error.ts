import type { ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { isDatabaseFailure } from '../../db/index.ts'
import { CodedError, errorCodes, unavailableMessage } from '../../lib/errors.ts'
import { withoutSchemaDetails } from './coercion-messages.ts'
import type { Context } from '../context-types.ts'

/** Apollo's codes for errors before any resolver runs. Their messages concern only the request. */
const apolloCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])
const ourCodes = new Set<string>(errorCodes)
/** The extensions of an error that are sent in addition to the code. */
const sentExtensions = ['reason', 'requiredPlans', 'permission'] as const

/** An error whose message is not sent to the reader. */
export interface MaskedError {
  readonly requestId: string
  /** The code in the response. */
  readonly code: string
  readonly path: string
  readonly error: unknown
}

export type ErrorSink = (event: MaskedError) => void

/** Request ids by error. Apollo does not pass the request to `formatError`. */
const requestIds = new WeakMap<object, string>()

/** Associates an error with its request, for responses that Apollo does not create. */
export const rememberRequest = (error: object, requestId: string): void => void requestIds.set(error, requestId)

export const rememberRequests: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors({ errors, contextValue }) {
        for (const error of errors) rememberRequest(error, contextValue.requestId)
        return Promise.resolve()
      },
    }),
}

const unavailable = ['SERVICE_UNAVAILABLE', unavailableMessage] as const
const broken = ['INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'] as const

interface FormatErrorOptions {
  /** In production: no messages of graphql-js about coercion, no suggestions of names. */
  readonly production: boolean
  /** Called for each masked error. */
  readonly onMasked: ErrorSink
}

/**
 * Creates Apollo's `formatError`. It masks every error that is not on a list. The log gets the masked error with the same request id
 * as the response.
 */
export function createFormatError({ production, onMasked }: FormatErrorOptions) {
  /** Removes schema details from graphql-js' own messages in production. */
  const filtered = (error: GraphQLFormattedError): GraphQLFormattedError =>
    production ? { ...error, message: withoutSchemaDetails(error.message) } : error

  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error)
    const requestId = (typeof error === 'object' && error !== null && requestIds.get(error)) || ''
    const code = typeof formatted.extensions?.code === 'string' ? formatted.extensions.code : ''
    const masked = (sentCode: string, cause: unknown) =>
      onMasked({ requestId, code: sentCode, path: pathOf(formatted), error: cause })
    if (original instanceof CodedError) {
      if (original.cause !== undefined) masked(original.code, original.cause)
      return toSend(formatted, code)
    }
    // Errors of graphql-js and Apollo are sent only if no resolver threw them.
    const beforeResolvers = original === error && formatted.path === undefined
    if (beforeResolvers && apolloCodes.has(code)) return toSend(filtered(formatted), code)

    if (isBadArgument(original)) return toSend(filtered(formatted), 'BAD_USER_INPUT')

    const [maskedCode, message] = isDatabaseFailure(original) ? unavailable : broken
    masked(maskedCode, original)
    return { ...place(formatted), message, extensions: { code: maskedCode, requestId } }
  }
}

/** Returns whether an error is graphql-js' refusal of an argument or variable at execution, for which Apollo has no code. */
function isBadArgument(error: unknown): boolean {
  return error instanceof GraphQLError && /^(Argument "|Too many errors processing variables)/.test(error.message)
}

/** Returns an error with only the properties that are sent. */
function toSend(formatted: GraphQLFormattedError, code: string): GraphQLFormattedError {
  const extensions: Record<string, unknown> = {
    code: ourCodes.has(code) || apolloCodes.has(code) ? code : 'INTERNAL_SERVER_ERROR',
  }
  for (const name of sentExtensions) {
    if (formatted.extensions?.[name] !== undefined) extensions[name] = formatted.extensions[name]
  }
  return { ...place(formatted), message: formatted.message, extensions }
}

const place = ({ locations, path }: GraphQLFormattedError) => ({
  ...(locations && { locations }),
  ...(path && { path }),
})

const pathOf = ({ path }: GraphQLFormattedError): string => (path ?? []).join('.')
