import type { ApolloServerPlugin } from '@apollo/server'
import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Context } from './context-types.ts'

/** Fields that are null for an anonymous reader without an error, by the rules of their rooms. */
const nullForAnonymous: ReadonlySet<string> = new Set(['Query.viewer', 'Article.bookmarked'])

const howToSend =
  'Send one as "Authorization: Bearer <token>". On a developer\'s machine `npm run --silent token -- --as subscriber` prints one.'

/**
 * Adds `extensions.hints` to an answer to a request without a token, for each field that is null for that reason alone. For
 * development: a `viewer` that is null looks like a bug of the API to a newcomer.
 */
export const hintAtMissingToken: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ schema, document, contextValue, response: { body } }) {
        if (contextValue.identity !== null || !document || body.kind !== 'single' || !body.singleResult.data)
          return Promise.resolve()
        const hints = silentFields(schema, document).map(
          (field) => `${field} is null because the request has no token. ${howToSend}`,
        )
        if (hints.length > 0) body.singleResult.extensions = { ...body.singleResult.extensions, hints }
        return Promise.resolve()
      },
    }),
}

/** Returns the selected fields that are silently null for an anonymous reader, such as `Query.viewer`, each once. */
function silentFields(schema: GraphQLSchema, document: DocumentNode): string[] {
  const found = new Set<string>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        const field = `${types.getParentType()?.name}.${name.value}`
        if (nullForAnonymous.has(field)) found.add(field)
      },
    }),
  )
  return [...found]
}
