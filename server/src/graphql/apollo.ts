import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Context } from './context-types.ts'
import { emptyAnswers } from './empty-answers.ts'
import { createFormatError, rememberRequests, type ErrorSink } from './format-error.ts'
import { refuseIntrospection } from './introspection.ts'
import { limitRules, limits } from './limits.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  /** Production: no introspection, no landing page, no hints at names. */
  readonly production: boolean
  readonly onMasked: ErrorSink
  readonly plugins: readonly ApolloServerPlugin<Context>[]
}

/** Apollo Server with everything off that nobody asked for. */
export function createApollo({ schema, production, onMasked, plugins }: ApolloOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    // Our own rule refuses it in production; Apollo's text advises how to turn it on.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: production,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: limits.validationErrors },
    executionOptions: { maxCoercionErrors: limits.coercionErrors },
    maxRecursiveSelections: limits.recursiveSelections,
    validationRules: [...limitRules, ...(production ? [refuseIntrospection] : [])],
    formatError: createFormatError(onMasked),
    plugins: [ApolloServerPluginLandingPageDisabled(), rememberRequests, emptyAnswers, ...plugins],
  })
}
