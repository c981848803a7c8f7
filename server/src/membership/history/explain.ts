import { anonymous, type Reader } from '../../members/index.ts'
import { resolveRequirement } from '../requirement/resolve.ts'
import { decideAccess, stateOf, unavailable } from '../entitlement.ts'
import type { Explanation } from '../types.ts'
import type { FactsThen } from './facts.ts'
import { summarise } from './words.ts'

/** Repeats the access decision for an instant in the past. Pure. */
export function explainAccess(facts: FactsThen): Explanation {
  const { at, articleWas, catalogue, disabled, held } = facts
  const requirement = articleWas === 'published' ? facts.requirement : null
  const resolved = requirement && resolveRequirement(requirement, catalogue)
  const access = resolved ? decideAccess(resolved, readerThen(facts), held, at) : unavailable
  const holdings = held.map((holding) => ({
    ...holding,
    opened:
      access.reason === 'PLAN' &&
      resolved !== null &&
      resolved.openedBy.has(holding.planId) &&
      stateOf(holding, at).kind === 'live',
  }))
  return {
    at,
    summary: summarise(facts, access, resolved?.openedBy ?? new Set()),
    access,
    visibility: requirement?.visibility ?? null,
    plans: requirement?.planIds.flatMap((id) => catalogue.get(id) ?? []) ?? [],
    disabled: disabled === true,
    holdings,
  }
}

/** Returns the reader as of the instant, without permissions, because these are in tokens and not recorded. */
function readerThen({ memberId, disabled }: FactsThen): Reader {
  if (disabled === null) return anonymous
  const profile = { name: null, email: null, picture: null }
  return { kind: 'member', memberId, subject: '', permissions: new Set(), disabled, profile }
}
