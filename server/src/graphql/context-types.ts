import type { BillingContext } from '../billing/index.ts'
import type { ContentContext } from '../content/index.ts'

/** Everything that a resolver may know, composed of the slices of the rooms. Made anew for each request; a stream has one for each event. */
export interface Context extends ContentContext, BillingContext {
  readonly requestId: string
  /** Charges further points to the caller's rate limit, all of them or none. */
  readonly charge: (points: number) => Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>
}
