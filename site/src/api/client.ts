import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { catchError, from, switchMap, throwError } from 'rxjs'
import { site } from '../env.ts'
import { isRefusedToken } from './errors.ts'
import { countChanges, repeatOvertaken, type Changes } from './repeat-overtaken.ts'

/** Gives the person's access token: another than the one that was refused, if one was. */
export type TokenSource = (refused?: string) => Promise<string>

/**
 * A client for one person, or for nobody. It is never handed on: whoever comes next gets a new one, so that nothing of the last
 * person's answers, or of the questions under way, is left.
 */
export function createApolloClient(getToken: TokenSource | null): ApolloClient {
  const changes: Changes = { count: 0 }
  const client = new ApolloClient({
    link: ApolloLink.from([repeatOvertaken(changes), bearer(getToken), http()]),
    cache: new InMemoryCache({
      typePolicies: {
        Viewer: { keyFields: [] },
        ArticleBody: { keyFields: false },
        // What we know of it and what the provider knows are asked for apart.
        Billing: { keyFields: false, merge: true },
      },
    }),
    defaultOptions: {
      query: { errorPolicy: 'all' },
      watchQuery: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
    // A signed-in reader's answers are nobody's to look at with a browser extension.
    devtools: { enabled: false },
  })
  countChanges(client, changes)
  return client
}

/** An API that takes a question and never answers is away like one that is down. */
const patienceMilliseconds = 15_000

const http = () =>
  new HttpLink({
    uri: site.apiUrl,
    credentials: 'omit',
    // An answer that failed as a whole is then an HTTP error, and its Retry-After can be read.
    headers: { accept: 'application/json' },
    fetch: (address, init) => {
      const late = AbortSignal.timeout(patienceMilliseconds)
      return fetch(address, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, late]) : late })
    },
  })

/** The bearer token on each request; refused (401), a fresh one, once (RFC 6750, section 3.1). */
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
