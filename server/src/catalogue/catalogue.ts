import { badInput } from '../lib/errors.ts'
import type { Interval, PlanRow, PriceRow } from './types.ts'

/** A plan as stored. */
export interface StoredPlan extends Omit<PlanRow, 'includedPlanIds'> {
  /** Ids of the plans that it names itself, without those that these include. */
  readonly directlyIncludes: readonly string[]
}

/** All plans by id, including those no longer on sale, which their holders keep. */
export type Catalogue = ReadonlyMap<string, PlanRow>

/** Builds the catalogue and resolves which plans each plan includes. */
export function buildCatalogue(stored: readonly StoredPlan[]): Catalogue {
  const direct = new Map(stored.map((plan) => [plan.id, plan.directlyIncludes]))
  return new Map(
    stored.map(({ directlyIncludes: _, ...plan }) => [plan.id, { ...plan, includedPlanIds: closure(plan.id, direct) }]),
  )
}

/** Returns the ids of all plans that a plan includes directly or indirectly. Cycles are allowed. */
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

/** Returns the plans on sale, lowest monthly cost first, plans without a price last. Equal costs are ordered by slug. */
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
 * Returns a plan on sale by its slug.
 *
 * @throws BAD_USER_INPUT if there is none. The message lists the plans on sale
 */
export function planToBuy(catalogue: Catalogue, slug: string): PlanRow {
  const plans = onSale(catalogue.values())
  const plan = plans.find((candidate) => candidate.slug === slug)
  if (plan) return plan
  const isArchived = [...catalogue.values()].some((candidate) => candidate.slug === slug)
  const refusal = isArchived ? `The plan "${slug}" is no longer on sale.` : `There is no plan "${slug}".`
  throw badInput(`${refusal} ${choiceOf(plans)}`)
}

/** Returns the price of a plan at an interval; null if the plan is not sold by it. */
export const priceAt = (
  { monthly, yearly }: Pick<PlanRow, 'monthly' | 'yearly'>,
  interval: Interval,
): PriceRow | null => ({ MONTHLY: monthly, YEARLY: yearly })[interval]

/** Returns a sentence that lists the slugs of plans, for the end of a refusal. */
export function choiceOf(plans: readonly { readonly slug: string }[]): string {
  const slugs = plans.map(({ slug }) => slug).join(', ')
  return slugs === '' ? 'There are no plans yet.' : `The plans are: ${slugs}.`
}

/** Returns a plan by an id from the database. @throws Error if it is missing, which is a bug */
export function knownPlan(catalogue: Catalogue, id: string): PlanRow {
  const plan = catalogue.get(id)
  if (!plan) throw new Error('a stored plan id is missing from the catalogue')
  return plan
}
