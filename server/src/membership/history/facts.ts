import type { Catalogue } from '../../catalogue/index.ts'
import type { Requirement } from '../types.ts'
import type { HeldThen } from './queries.ts'

/** The recorded state at an instant. */
export interface FactsThen {
  readonly at: Date
  readonly memberId: string
  readonly articleWas: 'not there' | 'unpublished' | 'published'
  /** Null if there was none yet. */
  readonly requirement: Requirement | null
  /** The plans that existed, with the plans that they included. */
  readonly catalogue: Catalogue
  /** Null if the account did not exist yet. */
  readonly disabled: boolean | null
  readonly held: readonly HeldThen[]
}
