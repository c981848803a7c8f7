import type { ApolloServerPlugin } from '@apollo/server'
import type { Context } from './context-types.ts'

/**
 * Treats an empty `operationName` as absent. Clients that build the request from a form or from an optional name send `""`. The
 * stream route does the same in `parseBody`.
 */
export const ignoreEmptyOperationName: ApolloServerPlugin<Context> = {
  requestDidStart({ request }) {
    if (request.operationName === '') delete request.operationName
    return Promise.resolve()
  },
}
