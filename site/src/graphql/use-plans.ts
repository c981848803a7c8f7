import { useQuery } from '@apollo/client/react'
import { useSession } from '../auth/session.tsx'
import { PlansDocument, type PlanOnSaleFragment } from './operations.ts'

/** The plans on sale: as the page was built with them, then as the API has them. */
export function usePlans(built: readonly PlanOnSaleFragment[]): readonly PlanOnSaleFragment[] {
  const { status } = useSession()
  const { data } = useQuery(PlansDocument, { skip: status === 'pending', fetchPolicy: 'cache-and-network' })
  return data?.plans ?? built
}
