import type { BillingContext } from '../billing/index.ts'
import type { ContentContext } from '../content/index.ts'

/** The context of resolvers, composed of the rooms' parts. Created for each request, and on a stream for each event. */
export interface Context extends ContentContext, BillingContext {
  readonly requestId: string
  /** Charges further points to the caller's rate limit. If too few are left, none are charged. */
  readonly charge: (points: number) => Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>
}
