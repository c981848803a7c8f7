import type { PlansQuery } from './addresses.ts'
import { liveAddressOf } from './live-route.ts'

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * Reads what the plans page is told by its address. Anybody may have written it: a plan is a slug or nothing, and the way back is
 * that of an article of ours or none.
 *
 * @param search the address's query
 */
export function readPlansQuery(search: string): PlansQuery {
  const query = new URLSearchParams(search)
  const [plan = '', interval = '', from = ''] = ['plan', 'interval', 'from'].map((name) => query.get(name) ?? '')
  const address = liveAddressOf(from)
  return {
    ...(slug.test(plan) && plan.length <= 200 && { plan }),
    ...(interval === 'monthly' && { interval: 'MONTHLY' as const }),
    ...(interval === 'yearly' && { interval: 'YEARLY' as const }),
    ...(address?.kind === 'article' && { from: address.slug }),
  }
}
