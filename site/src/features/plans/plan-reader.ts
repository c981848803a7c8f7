import type { ViewerHoldingsFragment } from '../../api/operations.ts'
import type { PlanReader } from './plan-situation.ts'

/** Who looks at the plans, from the session and from what the API says. */
export function readerOf(
  session: 'pending' | 'anonymous' | 'signed-in',
  { viewer, problem }: { viewer: ViewerHoldingsFragment | null; problem: string | null },
): PlanReader {
  if (session === 'anonymous') return { kind: 'anonymous' }
  if (session === 'pending') return { kind: 'unknown' }
  if (problem === 'disabled') return { kind: 'disabled' }
  return viewer ? { kind: 'member', holdings: viewer } : { kind: 'unknown' }
}
