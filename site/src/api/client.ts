import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { catchError, from, switchMap, throwError } from 'rxjs'
import { site } from '../env.ts'
import { isRefusedToken } from './errors.ts'
import { countChanges, repeatOvertaken, type Changes } from './repeat-overtaken.ts'

/** Returns the reader's access token. @param refused a token that the API refused: a different one is wanted */
export type TokenSource = (refused?: string) => Promise<string>

/**
 * Creates the Apollo Client of one reader. The next reader gets a new client, so that no answer and no query under way outlives a change
 * of readers.
 *
 * @param getToken null for an anonymous reader
 */
export function createApolloClient(getToken: TokenSource | null): ApolloClient {
  const changes: Changes = { count: 0 }
  const client = new ApolloClient({
    link: ApolloLink.from([repeatOvertaken(changes), bearer(getToken), http()]),
    cache: new InMemoryCache({
      typePolicies: {
        Viewer: { keyFields: [] },
        ArticleBody: { keyFields: false },
        // One query has the fields of our own records, another those of the payment provider.
        Billing: { keyFields: false, merge: true },
      },
    }),
    defaultOptions: {
      query: { errorPolicy: 'all' },
      watchQuery: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
    // Browser extensions must not read the answers of a signed-in reader.
    devtools: { enabled: false },
  })
  countChanges(client, changes)
  return client
}

/** An API that accepts a request and does not answer counts as down. */
const timeoutMs = 15_000

const http = () =>
  new HttpLink({
    uri: site.apiUrl,
    credentials: 'omit',
    // With this header a request that fails as a whole is an HTTP error, whose Retry-After can be read.
    headers: { accept: 'application/json' },
    fetch: (address, init) => {
      const timeout = AbortSignal.timeout(timeoutMs)
      return fetch(address, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout })
    },
  })

/** Adds the bearer token to each request. After a 401 it retries once with a fresh token (RFC 6750, section 3.1). */
function bearer(getToken: TokenSource | null): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (!getToken) return forward(operation)
    const send = (token: string) => {
      operation.setContext({ headers: { authorization: `Bearer ${token}` } })
      return forward(operation)
    }
    return from(getToken()).pipe(
      switchMap((token) =>
        send(token).pipe<ApolloLink.Result>(
          catchError((error: unknown) =>
            isRefusedToken(error) ? from(getToken(token)).pipe(switchMap(send)) : throwError(() => error),
          ),
        ),
      ),
    )
  })
}
