import { causeOf, codeOf, type FailureCause } from '../api/errors.ts'
import { useApiQuery } from '../api/hooks.ts'
import { ViewerDocument, type ViewerQuery } from '../api/operations.ts'
import { useSession } from '../auth/session.tsx'

export interface ViewerAnswer {
  /** Null: nobody, not known yet, or not to be had. */
  readonly viewer: ViewerQuery['viewer']
  readonly loading: boolean
  /** What went wrong; null: nothing. */
  readonly problem: 'disabled' | FailureCause | null
  readonly refetch: () => Promise<unknown>
}

/** Who the API says one is. @param fresh it is asked again, also where it is known */
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
