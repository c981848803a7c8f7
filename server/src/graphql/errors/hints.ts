import type { ApolloServerPlugin } from '@apollo/server'
import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Context } from '../context-types.ts'

/** Fields that are null without an error for an anonymous reader. */
const nullForAnonymous: ReadonlySet<string> = new Set(['Query.viewer', 'Article.bookmarked'])

const howToSend =
  'Send one as "Authorization: Bearer <token>". On a developer\'s machine `npm run --silent token -- --as subscriber` prints one.'

/**
 * Adds `extensions.hints` to the response to a request without a token: one hint for each field that is null only because of that. For
 * development, because a newcomer may take the null `viewer` for a bug.
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

/** Returns the selected fields of `nullForAnonymous`, without duplicates. */
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
