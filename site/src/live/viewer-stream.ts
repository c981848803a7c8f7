import { createClient, type NetworkError } from 'graphql-sse'
import { print } from 'graphql'
import type { TokenSource } from '../api/client.ts'
import {
  ViewerChangedDocument,
  type ViewerHoldingsFragment,
  type ViewerChangedSubscription,
} from '../api/operations.ts'
import { site } from '../env.ts'

/** How a stream came to its end. */
export type StreamEnd =
  /** The server ended it: its token is over, or it stops. */
  | { readonly kind: 'completed' }
  /** There is no token to open it with, or whoever has it is refused: trying again by itself would not help. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly retryAfterSeconds: number | null }

export interface StreamHandlers {
  /** Null: nobody, or an account that is disabled. */
  readonly onEvent: (holdings: ViewerHoldingsFragment | null) => void
  /** Once, and not after it was closed. */
  readonly onEnd: (end: StreamEnd) => void
}

const request = { query: print(ViewerChangedDocument) }
const refusedToken = 401
/** With one of these an answer is the last of its stream. */
const refusals = new Set<unknown>(['ACCOUNT_DISABLED', 'UNAUTHENTICATED', 'FORBIDDEN'])

/**
 * Opens the stream of `viewerChanged`: GraphQL over server-sent events, one request, with the token in a header. Refused the
 * token (401), it asks once for a fresh one.
 *
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md, "distinct connections mode"
 *
 * @returns how to close it
 */
export function openViewerStream(getToken: TokenSource, { onEvent, onEnd }: StreamHandlers): () => void {
  let closed = false
  let token: string | undefined
  let refused: string | undefined
  const client = createClient({
    url: `${site.apiUrl.replace(/\/+$/, '')}/stream`,
    credentials: 'omit',
    // When to try again is not for it to say: watch-viewer.ts.
    retryAttempts: 0,
    headers: async () => {
      token = undefined
      token = await getToken(refused)
      return { authorization: `Bearer ${token}` }
    },
  })
  const end = (how: StreamEnd) => {
    if (closed) return
    closed = true
    onEnd(how)
  }
  const subscribe = (): void => {
    client.subscribe<ViewerChangedSubscription>(request, {
      next: ({ data, errors }) => {
        if (closed) return
        if (data?.viewerChanged) return onEvent(data.viewerChanged)
        // Else it could not be looked up just now, and comes again.
        if (!errors?.some(({ extensions }) => refusals.has(extensions?.code))) return
        onEvent(null)
        end({ kind: 'refused' })
      },
      complete: () => end({ kind: 'completed' }),
      error: (error) => {
        if (closed) return
        const response = responseOf(error)
        if (response?.status === refusedToken && refused === undefined && token !== undefined) {
          refused = token
          return subscribe()
        }
        if (token === undefined) return end({ kind: 'refused' })
        const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN)
        end({ kind: 'failed', retryAfterSeconds: Number.isFinite(seconds) ? seconds : null })
      },
    })
  }
  subscribe()
  return () => {
    closed = true
    client.dispose()
  }
}

/** Of the library's own error, which carries what the server answered, if it did. */
const responseOf = (error: unknown): Response | undefined => (error as Partial<NetworkError<Response>> | null)?.response
