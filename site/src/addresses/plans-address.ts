import { addressOfArticle, plansPage } from './addresses.ts'
import { parseUnbuiltPath } from './unbuilt-path.ts'

/** What the plans page can be told by its address. */
export interface PlansQuery {
  /** The plan that was chosen, by its slug. */
  readonly plan?: string | undefined
  readonly interval?: 'MONTHLY' | 'YEARLY' | undefined
  /** The article that one came from, by its slug. */
  readonly from?: string | undefined
}

export function addressOfPlans({ plan, interval, from }: PlansQuery = {}): string {
  const query = [
    ...(plan === undefined ? [] : [`plan=${plan}`]),
    ...(interval === undefined ? [] : [`interval=${interval.toLowerCase()}`]),
    ...(from === undefined ? [] : [`from=${addressOfArticle(from)}`]),
  ]
  return query.length > 0 ? `${plansPage}?${query.join('&')}` : plansPage
}

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
  const address = parseUnbuiltPath(from)
  return {
    ...(slug.test(plan) && plan.length <= 200 && { plan }),
    ...(interval === 'monthly' && { interval: 'MONTHLY' as const }),
    ...(interval === 'yearly' && { interval: 'YEARLY' as const }),
    ...(address?.kind === 'article' && { from: address.slug }),
  }
}
