import { badInput } from '../lib/errors.ts'
import type { Interval, PlanRow, PriceRow } from './types.ts'

/** A plan as stored: with the plans that it names, before what those name in turn. */
export interface StoredPlan extends Omit<PlanRow, 'includedPlanIds'> {
  readonly directlyIncludes: readonly string[]
}

/** All plans, those no longer on sale too: their holders keep them. */
export type Catalogue = ReadonlyMap<string, PlanRow>

export function buildCatalogue(stored: readonly StoredPlan[]): Catalogue {
  const direct = new Map(stored.map((plan) => [plan.id, plan.directlyIncludes]))
  return new Map(
    stored.map(({ directlyIncludes: _, ...plan }) => [plan.id, { ...plan, includedPlanIds: closure(plan.id, direct) }]),
  )
}

/** What a plan includes through any number of steps; plans that include each other end the walk. */
function closure(id: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const included of direct.get(next) ?? []) {
      if (included === id || reached.has(included)) continue
      reached.add(included)
      open.push(included)
    }
  }
  return reached
}

/** Those on sale, cheapest first by the month; what has no price comes last, what costs the same goes by its slug. */
export function onSale(plans: Iterable<PlanRow>): PlanRow[] {
  return [...plans]
    .filter((plan) => plan.onSale)
    .sort((a, b) => monthlyCost(a) - monthlyCost(b) || a.slug.localeCompare(b.slug, 'en'))
}

function monthlyCost(plan: PlanRow): number {
  if (plan.monthly) return plan.monthly.amountMinor
  if (plan.yearly) return plan.yearly.amountMinor / 12
  return Number.MAX_SAFE_INTEGER
}

/**
 * The plan that somebody wants to buy.
 *
 * @throws BAD_USER_INPUT for one that does not exist or is not sold any more, naming those that are
 */
export function planToBuy(catalogue: Catalogue, slug: string): PlanRow {
  const plans = onSale(catalogue.values())
  const plan = plans.find((candidate) => candidate.slug === slug)
  if (plan) return plan
  const onceSold = [...catalogue.values()].some((candidate) => candidate.slug === slug)
  const refusal = onceSold ? `The plan "${slug}" is no longer on sale.` : `There is no plan "${slug}".`
  throw badInput(`${refusal} ${choiceOf(plans)}`)
}

/** Returns the price of a plan at an interval; null if the plan is not sold by it. */
export const priceAt = (
  { monthly, yearly }: Pick<PlanRow, 'monthly' | 'yearly'>,
  interval: Interval,
): PriceRow | null => ({ MONTHLY: monthly, YEARLY: yearly })[interval]

/** Lists the slugs of plans, for the end of a refusal. */
export function choiceOf(plans: readonly { readonly slug: string }[]): string {
  const slugs = plans.map(({ slug }) => slug).join(', ')
  return slugs === '' ? 'There are no plans yet.' : `The plans are: ${slugs}.`
}

/** A plan that some row of ours names. */
export function knownPlan(catalogue: Catalogue, id: string): PlanRow {
  const plan = catalogue.get(id)
  if (!plan) throw new Error('a stored plan id is missing from the catalogue')
  return plan
}
