import { createClient, type NetworkError } from 'graphql-sse'
import { print } from 'graphql'
import type { TokenSource } from '../api/client.ts'
import {
  ViewerChangedDocument,
  type ViewerHoldingsFragment,
  type ViewerChangedSubscription,
} from '../api/operations.ts'
import { site } from '../env.ts'

/** Why a stream ended. */
export type StreamEnd =
  /** The server ended it: the token expired, or the server stops. */
  | { readonly kind: 'completed' }
  /** There is no token, or its member is refused. A retry would not help. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly retryAfterSeconds: number | null }

export interface StreamHandlers {
  /** Called with each event; null for an anonymous reader or a disabled account. */
  readonly onEvent: (holdings: ViewerHoldingsFragment | null) => void
  /** Called once, but not after the stream was closed. */
  readonly onEnd: (end: StreamEnd) => void
}

const request = { query: print(ViewerChangedDocument) }
const refusedToken = 401
/** Error codes that end the stream. */
const refusals = new Set<unknown>(['ACCOUNT_DISABLED', 'UNAUTHENTICATED', 'FORBIDDEN'])

/**
 * Opens the stream of `viewerChanged`: GraphQL over Server-Sent Events in one request, with the token in a header. After a 401 it retries
 * once with a fresh token.
 *
 * @see https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md "distinct connections mode"
 * @returns a function that closes the stream
 */
export function openViewerStream(getToken: TokenSource, { onEvent, onEnd }: StreamHandlers): () => void {
  let closed = false
  let token: string | undefined
  let refused: string | undefined
  const client = createClient({
    url: `${site.apiUrl.replace(/\/+$/, '')}/stream`,
    credentials: 'omit',
    // watch-viewer.ts reconnects.
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
        // Another error is temporary: the server sends the event again.
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

/** Returns the server's response from an error of the library, if there was a response. */
const responseOf = (error: unknown): Response | undefined => (error as Partial<NetworkError<Response>> | null)?.response
