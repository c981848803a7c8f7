import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from '../lib/logger.ts'
import { scrub } from '../lib/scrub.ts'
import type { Context } from './context-types.ts'
import { chargeQueries } from './limits/cost.ts'
import { createDocumentStore } from './limits/document-store.ts'
import { responseStatus } from './errors/response-status.ts'
import { createFormatError, rememberRequests, type ErrorSink } from './errors/format-error.ts'
import { hintAtMissingToken } from './errors/hints.ts'
import { refuseIntrospection } from './limits/introspection.ts'
import { refuseSubscriptions } from './streams/refuse-subscriptions.ts'
import { limitRules, limits } from './limits/limits.ts'
import { ignoreEmptyOperationName } from './operation-name.ts'

interface ApolloOptions {
  readonly schema: GraphQLSchema
  /** In production: no introspection, no landing page, no suggestions of names. */
  readonly production: boolean
  readonly onMasked: ErrorSink
  /** Receives Apollo's own log lines, which go to the console by default. */
  readonly logger: Logger
}

/** Creates the Apollo Server, with the features that the API does not use switched off. */
export function createApollo({ schema, production, onMasked, logger }: ApolloOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    // `refuseIntrospection` replaces Apollo's own refusal, which explains how to enable introspection.
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
      // Responses must not be cached (http/response-headers.ts), and the plugin takes a third of the CPU time of a long list.
      ApolloServerPluginCacheControlDisabled(),
      rememberRequests,
      ignoreEmptyOperationName,
      chargeQueries(!production),
      responseStatus,
      ...(production ? [] : [hintAtMissingToken]),
    ],
  })
}

/** Scrubs Apollo's log lines, which contain error messages. */
function scrubbed(logger: Logger): Logger {
  const line = (level: keyof Logger) => (message: unknown) => logger[level](scrub(String(message)))
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
