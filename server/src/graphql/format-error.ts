import type { ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { isDatabaseFailure } from '../db/index.ts'
import { CodedError, errorCodes, unavailableMessage } from '../lib/errors.ts'
import { withoutSchemaDetails } from './coercion-messages.ts'
import type { Context } from './context-types.ts'

/** Apollo's own, for what went wrong before any resolver ran: their messages speak of the question only. */
const apolloCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])
const ourCodes = new Set<string>(errorCodes)
/** What may stand in an error's extensions beside its code. A stack never may. */
const shownExtensions = ['reason', 'requiredPlans', 'permission'] as const

/** An error whose text was kept from the reader. */
export interface MaskedError {
  readonly requestId: string
  /** The code that the reader was told. */
  readonly code: string
  readonly path: string
  readonly error: unknown
}

export type ErrorSink = (event: MaskedError) => void

/** Which request an error is of: a formatter is not told. */
const requestIds = new WeakMap<object, string>()

/** For what is not answered by Apollo. */
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

export interface FormatErrorOptions {
  /** Production: no text of the library about coercion, no hints at names. */
  readonly production: boolean
  /** Told of each masked error. */
  readonly onMasked: ErrorSink
}

/**
 * An error on its way out: what is not on a list is masked, and the log gets what the reader does not, under the same
 * request id.
 */
export function createFormatError({ production, onMasked }: FormatErrorOptions) {
  /** The library's own errors speak of the question, in production without what the schema has beside it. */
  const filtered = (error: GraphQLFormattedError): GraphQLFormattedError =>
    production ? { ...error, message: withoutSchemaDetails(error.message) } : error

  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error)
    const requestId = (typeof error === 'object' && error !== null && requestIds.get(error)) || ''
    const code = typeof formatted.extensions?.code === 'string' ? formatted.extensions.code : ''
    const masked = (told: string, cause: unknown) =>
      onMasked({ requestId, code: told, path: pathOf(formatted), error: cause })
    if (original instanceof CodedError) {
      if (original.cause !== undefined) masked(original.code, original.cause)
      return shown(formatted, code)
    }
    // The library's own errors are not thrown by resolvers: whatever a resolver throws that is not ours is masked.
    const beforeResolvers = original === error && formatted.path === undefined
    if (beforeResolvers && apolloCodes.has(code)) return shown(filtered(formatted), code)

    if (isBadArgument(original)) return shown(filtered(formatted), 'BAD_USER_INPUT')

    const [maskedCode, message] = isDatabaseFailure(original) ? unavailable : broken
    masked(maskedCode, original)
    return { ...place(formatted), message, extensions: { code: maskedCode, requestId } }
  }
}

/** What graphql finds wrong with arguments and variables while executing, and Apollo has no code for. */
function isBadArgument(error: unknown): boolean {
  return error instanceof GraphQLError && /^(Argument "|Too many errors processing variables)/.test(error.message)
}

function shown(formatted: GraphQLFormattedError, code: string): GraphQLFormattedError {
  const extensions: Record<string, unknown> = {
    code: ourCodes.has(code) || apolloCodes.has(code) ? code : 'INTERNAL_SERVER_ERROR',
  }
  for (const name of shownExtensions) {
    if (formatted.extensions?.[name] !== undefined) extensions[name] = formatted.extensions[name]
  }
  return { ...place(formatted), message: formatted.message, extensions }
}

const place = ({ locations, path }: GraphQLFormattedError) => ({
  ...(locations && { locations }),
  ...(path && { path }),
})

const pathOf = ({ path }: GraphQLFormattedError): string => (path ?? []).join('.')
