import type { ApolloServerPlugin } from '@apollo/server'
import type { Context } from './context-types.ts'

/** How long to wait before asking again, in seconds. */
const retryAfterSeconds = 5

/**
 * An answer that holds nothing because we could not give it is a 503, so that programs and proxies see it without reading
 * the body. As long as any field was served it stays a 200.
 */
export const unavailableAnswers: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response }) {
        if (response.body.kind !== 'single') return Promise.resolve()
        const { data, errors } = response.body.singleResult
        const unavailable = errors?.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE') ?? false
        const empty = data === null || (data !== undefined && Object.values(data).every((field) => field === null))
        if (unavailable && empty) {
          response.http.status = 503
          response.http.headers.set('retry-after', String(retryAfterSeconds))
        }
        return Promise.resolve()
      },
    }),
}
