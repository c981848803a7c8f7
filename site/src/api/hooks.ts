import { useState } from 'react'
import type { OperationVariables, TypedDocumentNode, WatchQueryFetchPolicy } from '@apollo/client'
import { useApolloClient, useQuery } from '@apollo/client/react'

// Apollo Client's hooks as this site uses them. Only this folder imports the package.

export { useApolloClient as useApiClient }
export type { ApolloClient as ApiClient, ObservableQuery as ApiQuery } from '@apollo/client'

interface QueryOptions<Variables> {
  readonly variables: Variables
  /** Sends nothing and returns no data. */
  readonly skip?: boolean
  /** Returns cached data without a request if all of it is there. By default cached data is shown while the API is asked. */
  readonly preferCache?: boolean
  /** Sends a request of its own, even if an equal one is under way. */
  readonly ownRequest?: boolean
}

/** A result whose data is complete, or not there. */
type QueryResult<Data, Variables extends OperationVariables> = useQuery.Result<
  Data,
  Variables,
  'complete' | 'streaming' | 'empty',
  Variables,
  'all'
>

// The package's overloads infer the result from a document that they know. This one is generic.
const useTypedQuery = useQuery as <Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: {
    readonly variables: Variables
    readonly skip: boolean
    readonly fetchPolicy: WatchQueryFetchPolicy
    readonly context?: object
  },
) => QueryResult<Data, Variables>

/** Sends a query and follows its data in the cache. Data and errors come together: a refused field is null, the rest is there. */
export function useApiQuery<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { variables, skip = false, preferCache = false, ownRequest = false }: QueryOptions<NoInfer<Variables>>,
): QueryResult<Data, Variables> {
  return useTypedQuery(document, {
    variables,
    skip,
    fetchPolicy: preferCache ? 'cache-first' : 'cache-and-network',
    ...(ownRequest && { context: withoutDeduplication }),
  })
}

const withoutDeduplication = { queryDeduplication: false }

/** Returns the last error, also while the query is repeated. Otherwise the page would flicker with each attempt. */
export function useLastError(error: unknown, loading: boolean): unknown {
  const [lastError, setLastError] = useState<unknown>(undefined)
  const now = error ?? (loading ? lastError : undefined)
  if (now !== lastError) setLastError(now)
  return now
}
