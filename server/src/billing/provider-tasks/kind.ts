import { z } from 'zod'
import type { JobKind } from '../../jobs/index.ts'

/** A call to the payment provider that is stored before it is made. */
export type ProviderTask =
  /** Decided by the ledger. */
  | { readonly kind: 'CANCEL' }
  | { readonly kind: 'CHANGE_PRICE'; readonly priceId: string }
  /** Undoes a change that a request did not finish. */
  | { readonly kind: 'CANCEL_AT_PERIOD_END' }

/** The job that makes the provider call of a `billing_task`. Retried for about a day. */
export const providerTask: JobKind<{ readonly taskId: string }> = {
  name: 'billing.provider-task',
  policy: { timeoutSeconds: 120, retryLimit: 300 },
  data: z.object({ taskId: z.uuid() }),
}
