import type { ApolloServerPlugin } from '@apollo/server'
import { retryAfterSeconds } from '../lib/errors.ts'
import type { Context } from './context-types.ts'

/**
 * An answer that holds nothing gets the HTTP status of what went wrong, so that programs and proxies see it without reading
 * the body: 503 when we could not give it, 400 when the question could not be answered. As long as any field was served it
 * stays a 200, and so does a refusal: locked is an answer.
 */
export const emptyAnswers: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response: { http, body } }) {
        if (body.kind !== 'single') return Promise.resolve()
        const { data, errors = [] } = body.singleResult
        const codes = new Set(errors.map(({ extensions }) => extensions?.code))
        const empty = data === null || (data !== undefined && Object.values(data).every((field) => field === null))
        // A part that is missing comes back as the whole does: clients ask again after the same wait.
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
