import type { Catalogue } from './catalogue.ts'

/** The part of a request's context that this room needs. */
export interface CatalogueContext {
  /** Returns all plans, on sale or not. One statement per request. */
  readonly catalogue: () => Promise<Catalogue>
}
