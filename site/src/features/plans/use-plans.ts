import { useApiQuery } from '../../api/hooks.ts'
import { useSession } from '../../auth/session.tsx'
import { PlansDocument, type PlanOnSaleFragment } from '../../api/operations.ts'

/** The plans on sale: as the page was built with them, then as the API has them. */
export function usePlans(built: readonly PlanOnSaleFragment[]): readonly PlanOnSaleFragment[] {
  const { status } = useSession()
  const { data } = useApiQuery(PlansDocument, { variables: {}, skip: status === 'pending' })
  return data?.plans ?? built
}
