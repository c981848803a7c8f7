import { ApolloLink, type ApolloClient } from '@apollo/client'
import { of, switchMap, type Observable } from 'rxjs'

/** Counts the changes of a reader's holdings while a page is open. */
export interface Changes {
  count: number
}

const known = new WeakMap<ApolloClient, Changes>()

export const countChanges = (client: ApolloClient, changes: Changes): void => void known.set(client, changes)

/** Notes a change. Queries that this client has sent before it may return the old state. */
export function noteChange(client: ApolloClient): void {
  const changes = known.get(client)
  if (changes) changes.count += 1
}

/** The operations whose answers depend on the reader's holdings. */
export const holdingsOperations: ReadonlySet<string | undefined> = new Set([
  'Article',
  'ArticleAccess',
  'Viewer',
  'Billing',
  'PlanChange',
])

/** A query that sees more changes than this takes the answer that it has. */
const maxRepeats = 3

/**
 * Repeats a query that was sent before a change and answered after it, so that no stale answer replaces a newer one. Apollo Client sends
 * equal queries once: a query that joined the stale one gets the new answer too.
 */
export function repeatOvertaken(changes: Changes): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (!holdingsOperations.has(operation.operationName)) return forward(operation)
    const ask = (repeats: number): Observable<ApolloLink.Result> => {
      const asked = changes.count
      return forward(operation).pipe(
        switchMap((result) => (changes.count === asked || repeats === 0 ? of(result) : ask(repeats - 1))),
      )
    }
    return ask(maxRepeats)
  })
}
