import { causeOf, codeOf, type FailureCause } from '../api/errors.ts'
import { useApiQuery } from '../api/hooks.ts'
import { ViewerDocument, type ViewerQuery } from '../api/operations.ts'
import { useSession } from '../auth/session.tsx'

export interface ViewerAnswer {
  /** Null for an anonymous reader, while it is loading, or if it failed. */
  readonly viewer: ViewerQuery['viewer']
  readonly loading: boolean
  /** Null if nothing went wrong. */
  readonly problem: 'disabled' | FailureCause | null
  readonly refetch: () => Promise<unknown>
}

/** Returns the reader's account and holdings from the API. @param fresh asks the API even if the cache has them */
export function useViewer({ fresh = false }: { fresh?: boolean } = {}): ViewerAnswer {
  const { status } = useSession()
  const { data, error, loading, refetch } = useApiQuery(ViewerDocument, {
    variables: {},
    skip: status !== 'signed-in',
    preferCache: !fresh,
  })
  return {
    viewer: data?.viewer ?? null,
    loading: status === 'pending' || loading,
    problem: !error ? null : codeOf(error) === 'ACCOUNT_DISABLED' ? 'disabled' : causeOf(error),
    refetch,
  }
}

/** The permission to write articles. It also opens every article. */
export const articlesPermission = 'write:articles'
