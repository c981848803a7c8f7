import { unwrapResolverError } from '@apollo/server/errors'
import type { GraphQLFormattedError } from 'graphql'
import { isDatabaseFailure } from '../db/index.ts'
import { CodedError, errorCodes } from '../lib/errors.ts'

/** Apollo's own, for what went wrong before any resolver ran: their messages speak of the question only. */
const apolloCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
])
const ourCodes = new Set<string>(errorCodes)
/** What may stand in an error's extensions beside its code. A stack never may. */
const shownExtensions = ['reason', 'requiredPlans', 'permission'] as const

export interface ErrorSink {
  /** Told of each error whose text was kept from the reader. */
  (event: { code: string; path: string; error: unknown }): void
}

/**
 * An error on its way out: what is not on a list is masked, and the log gets what the reader does not.
 *
 * @param onMasked told of each masked error
 */
export function createFormatError(onMasked: ErrorSink) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error)
    const code = typeof formatted.extensions?.code === 'string' ? formatted.extensions.code : ''
    if (original instanceof CodedError) {
      if (original.cause !== undefined) onMasked({ code, path: pathOf(formatted), error: original.cause })
      return shown(formatted, code)
    }
    // The library's own errors are not thrown by resolvers: whatever a resolver throws that is not ours is masked.
    const beforeResolvers = original === error && formatted.path === undefined
    if (beforeResolvers && apolloCodes.has(code)) return shown(formatted, code)

    onMasked({ code, path: pathOf(formatted), error: original })
    const [maskedCode, message] = isDatabaseFailure(original)
      ? ['SERVICE_UNAVAILABLE', 'This is not available at the moment. Try again.']
      : ['INTERNAL_SERVER_ERROR', 'Something went wrong on our side.']
    return { ...place(formatted), message: message ?? '', extensions: { code: maskedCode } }
  }
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
