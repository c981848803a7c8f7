import { onSale, type Catalogue, type PlanRow } from '../../catalogue/index.ts'
import type { ResolvedRequirement } from '../entitlement.ts'
import type { Requirement } from '../types.ts'

/** Resolves a requirement: which plans open the article, and which of them are on sale. */
export function resolveRequirement(requirement: Omit<Requirement, 'id'>, catalogue: Catalogue): ResolvedRequirement {
  const opens = (plan: PlanRow): boolean => {
    if (requirement.visibility === 'PAID') return true
    if (requirement.visibility !== 'PLANS') return false
    return requirement.planIds.some((named) => named === plan.id || plan.includedPlanIds.has(named))
  }
  const opening = [...catalogue.values()].filter(opens)
  return {
    visibility: requirement.visibility,
    openedBy: new Set(opening.map(({ id }) => id)),
    requiredPlans: onSale(opening),
  }
}
