import type { MembershipContext } from '../membership/index.ts'
import type { BillingLoaders } from './loaders.ts'

/** What a request knows of payments. */
export interface BillingContext extends MembershipContext {
  readonly billing: BillingLoaders
}
