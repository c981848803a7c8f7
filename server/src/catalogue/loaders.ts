import type { Queryable } from '../db/index.ts'
import { buildCatalogue } from './catalogue.ts'
import type { CatalogueContext } from './context.ts'
import { storedPlans } from './queries.ts'

/** Returns the `catalogue` of one request: the first call queries, the others share its result. */
export function createCatalogueLoader(db: Queryable, now: Date): CatalogueContext['catalogue'] {
  let catalogue: ReturnType<CatalogueContext['catalogue']> | undefined
  return () => (catalogue ??= storedPlans(db, now).then(buildCatalogue))
}
