import { useQuery } from '@apollo/client/react'
import { useSession } from '../auth/session.tsx'
import { ViewerDocument, type ViewerQuery } from './operations.ts'
import type { Cause } from '../lib/trouble-words.ts'
import { causeOf, codeOf } from './errors.ts'

export interface ViewerAnswer {
  /** Null: nobody, not known yet, or not to be had. */
  readonly viewer: ViewerQuery['viewer']
  readonly loading: boolean
  /** What went wrong; null: nothing. */
  readonly problem: 'disabled' | Cause | null
  readonly refetch: () => Promise<unknown>
}

/** Who the API says one is. @param fresh it is asked again, also where it is known */
export function useViewer({ fresh = false }: { fresh?: boolean } = {}): ViewerAnswer {
  const { status } = useSession()
  const { data, error, loading, refetch } = useQuery(ViewerDocument, {
    skip: status !== 'signed-in',
    fetchPolicy: fresh ? 'cache-and-network' : 'cache-first',
  })
  return {
    viewer: data?.viewer ?? null,
    loading: status === 'pending' || loading,
    problem: !error ? null : codeOf(error) === 'ACCOUNT_DISABLED' ? 'disabled' : causeOf(error),
    refetch,
  }
}
