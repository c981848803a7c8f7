import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from '../lib/logger.ts'
import { scrub } from '../lib/scrub.ts'
import type { Context } from './context-types.ts'
import { chargeQueries } from './cost.ts'
import { createDocumentStore } from './document-store.ts'
import { responseStatus } from './response-status.ts'
import { createFormatError, rememberRequests, type ErrorSink } from './format-error.ts'
import { hintAtMissingToken } from './hints.ts'
import { refuseIntrospection } from './introspection.ts'
import { refuseSubscriptions } from './refuse-subscriptions.ts'
import { limitRules, limits } from './limits.ts'
import { ignoreEmptyOperationName } from './operation-name.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  /** Production: no introspection, no landing page, no hints at names. */
  readonly production: boolean
  readonly onMasked: ErrorSink
  /** For what Apollo itself has to say; it would go to the console. */
  readonly logger: Logger
}

/** Apollo Server with everything off that nobody asked for. */
export function createApollo({ schema, production, onMasked, logger }: ApolloOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    // Our own rule refuses it in production; Apollo's text advises how to turn it on.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: production,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    documentStore: createDocumentStore(),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: limits.validationErrors },
    executionOptions: { maxCoercionErrors: limits.coercionErrors },
    maxRecursiveSelections: limits.recursiveSelections,
    validationRules: [...limitRules, refuseSubscriptions, ...(production ? [refuseIntrospection] : [])],
    formatError: createFormatError({ production, onMasked }),
    logger: scrubbed(logger),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // No answer may be cached anyway (http/caching.ts), and the plugin instruments every field: a third of a long list's CPU.
      ApolloServerPluginCacheControlDisabled(),
      rememberRequests,
      ignoreEmptyOperationName,
      chargeQueries(!production),
      responseStatus,
      ...(production ? [] : [hintAtMissingToken]),
    ],
  })
}

/** Apollo puts errors' messages into its lines. */
function scrubbed(logger: Logger): Logger {
  const line = (level: keyof Logger) => (message: unknown) => logger[level](scrub(String(message)))
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
