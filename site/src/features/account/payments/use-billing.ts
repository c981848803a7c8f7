import { causeOf, type FailureCause } from '../../../api/errors.ts'
import { useApiQuery } from '../../../api/hooks.ts'
import { BillingDocument, type BillingQuery } from '../../../api/operations.ts'

export type BillingDetails = NonNullable<NonNullable<BillingQuery['viewer']>['billing']>

export type BillingAnswer =
  | { readonly kind: 'loading' }
  /** The reader has never paid. */
  | { readonly kind: 'never' }
  | { readonly kind: 'loaded'; readonly billing: BillingDetails }
  /** The payment provider or the API does not answer. */
  | { readonly kind: 'failed'; readonly cause: FailureCause | 'payments' }

/** Fetches the payment provider's data. @param receipts the number of receipts, the latest first */
export function useBilling(receipts: number): { answer: BillingAnswer; retry: () => Promise<unknown> } {
  const { data, error, loading, refetch } = useApiQuery(BillingDocument, { variables: { receipts } })
  return { answer: answerOf(data, error, loading), retry: refetch }
}

function answerOf(data: BillingQuery | undefined, error: unknown, loading: boolean): BillingAnswer {
  const viewer = data?.viewer
  if (viewer) {
    if (!viewer.billing) return { kind: 'never' }
    // Unlike the other fields, `invoices` is null only if the provider did not answer.
    if (viewer.billing.invoices) return { kind: 'loaded', billing: viewer.billing }
    return loading ? { kind: 'loading' } : { kind: 'failed', cause: 'payments' }
  }
  return error && !loading ? { kind: 'failed', cause: causeOf(error) } : { kind: 'loading' }
}
