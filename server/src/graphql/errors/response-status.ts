import type { ApolloServerPlugin } from '@apollo/server'
import { retryAfterSeconds } from '../../lib/errors.ts'
import type { Context } from '../context-types.ts'

/**
 * Sets the HTTP status of a response without data, so that programs and proxies detect the failure without parsing the body: 503 for
 * SERVICE_UNAVAILABLE, 400 if all errors are BAD_USER_INPUT. The status is 200 for a response with data, and for other refusals.
 */
export const responseStatus: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response: { http, body } }) {
        if (body.kind !== 'single') return Promise.resolve()
        const { data, errors = [] } = body.singleResult
        const codes = new Set(errors.map(({ extensions }) => extensions?.code))
        const empty = data === null || (data !== undefined && Object.values(data).every((field) => field === null))
        // Clients retry a partial failure after the same time as a complete one.
        if (codes.has('SERVICE_UNAVAILABLE')) http.headers.set('retry-after', String(retryAfterSeconds))
        if (empty && codes.has('SERVICE_UNAVAILABLE')) {
          http.status = 503
        } else if (empty && codes.size === 1 && codes.has('BAD_USER_INPUT')) {
          http.status = 400
        }
        return Promise.resolve()
      },
    }),
}
