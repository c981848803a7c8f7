import type { MembershipContext } from '../membership/index.ts'
import type { BillingLoaders } from './loaders.ts'

/** The context of a request with the loaders of this room. */
export interface BillingContext extends MembershipContext {
  readonly billing: BillingLoaders
}
