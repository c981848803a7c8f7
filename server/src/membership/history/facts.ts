import type { Catalogue } from '../../catalogue/index.ts'
import type { Requirement } from '../types.ts'
import type { HeldThen } from './queries.ts'

/** What the histories say of an instant. */
export interface FactsThen {
  readonly at: Date
  readonly memberId: string
  readonly articleWas: 'not there' | 'unpublished' | 'published'
  /** Null: none counted yet. */
  readonly requirement: Requirement | null
  /** The plans that there were, with what they included. */
  readonly catalogue: Catalogue
  /** Null: there was no account yet. */
  readonly disabled: boolean | null
  readonly held: readonly HeldThen[]
}
