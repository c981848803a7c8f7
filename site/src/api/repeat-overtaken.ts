import { ApolloLink, type ApolloClient } from '@apollo/client'
import { of, switchMap, type Observable } from 'rxjs'

/** Counts what happened to a reader's holdings while a page was open. */
export interface Changes {
  count: number
}

const known = new WeakMap<ApolloClient, Changes>()

export const countChanges = (client: ApolloClient, changes: Changes): void => void known.set(client, changes)

/** From now on, whatever this client asked before may show what was. */
export function noteChange(client: ApolloClient): void {
  const changes = known.get(client)
  if (changes) changes.count += 1
}

/** The questions whose answers follow what a reader holds. */
export const dependent: ReadonlySet<string | undefined> = new Set([
  'Article',
  'ArticleAccess',
  'Viewer',
  'Billing',
  'PlanChange',
])

/** Changes during one question; whoever sees more of them takes what is there. */
const mostAgain = 3

/**
 * What was asked before a change and is answered after it may show what was, and would stand over what is: it is asked again. A
 * question that joins one under way (Apollo Client asks alike questions once) gets the new answer likewise.
 */
export function repeatOvertaken(changes: Changes): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (!dependent.has(operation.operationName)) return forward(operation)
    const ask = (again: number): Observable<ApolloLink.Result> => {
      const asked = changes.count
      return forward(operation).pipe(
        switchMap((result) => (changes.count === asked || again === 0 ? of(result) : ask(again - 1))),
      )
    }
    return ask(mostAgain)
  })
}
