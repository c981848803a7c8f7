import type { Catalogue } from './catalogue.ts'

/** What a request knows of plans. */
export interface CatalogueContext {
  /** Returns all plans, on sale or not. One statement per request. */
  readonly catalogue: () => Promise<Catalogue>
}
