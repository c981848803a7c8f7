import { addressOfArticle, plansPage } from './addresses.ts'
import { parseUnbuiltPath } from './unbuilt-path.ts'

/** The names of the intervals in addresses. */
const intervalNames = { MONTHLY: 'monthly', YEARLY: 'yearly' } as const

/** The query of the plans page. */
export interface PlansQuery {
  /** Slug of the chosen plan. */
  readonly plan?: string | undefined
  readonly interval?: keyof typeof intervalNames | undefined
  /** Slug of the article that the reader came from. */
  readonly from?: string | undefined
}

export function addressOfPlans({ plan, interval, from }: PlansQuery = {}): string {
  const query = [
    ...(plan === undefined ? [] : [`plan=${plan}`]),
    ...(interval === undefined ? [] : [`interval=${intervalNames[interval]}`]),
    ...(from === undefined ? [] : [`from=${addressOfArticle(from)}`]),
  ]
  return query.length > 0 ? `${plansPage}?${query.join('&')}` : plansPage
}

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * Parses the query of the plans page. Anybody may have written it, so a plan must be a slug and `from` the path of an article. Other
 * values are left out.
 *
 * @param search the address's query
 */
export function readPlansQuery(search: string): PlansQuery {
  const query = new URLSearchParams(search)
  const [plan = '', interval = '', from = ''] = ['plan', 'interval', 'from'].map((name) => query.get(name) ?? '')
  const address = parseUnbuiltPath(from)
  const chosen = chosenInterval(interval)
  return {
    ...(slug.test(plan) && plan.length <= 200 && { plan }),
    ...(chosen && { interval: chosen }),
    ...(address?.kind === 'article' && { from: address.slug }),
  }
}

const chosenInterval = (name: string) =>
  (Object.keys(intervalNames) as (keyof typeof intervalNames)[]).find((interval) => intervalNames[interval] === name)
