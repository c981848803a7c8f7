import { useQuery } from '@apollo/client/react'
import { BillingDocument, type BillingQuery } from './operations.ts'
import { causeOf } from './errors.ts'
import type { Cause } from '../lib/trouble-words.ts'

export type BillingDetails = NonNullable<NonNullable<BillingQuery['viewer']>['billing']>

export type BillingAnswer =
  | { readonly kind: 'waiting' }
  /** Whoever never paid for anything. */
  | { readonly kind: 'never' }
  | { readonly kind: 'here'; readonly billing: BillingDetails }
  /** The payment provider, or our own API, does not answer. */
  | { readonly kind: 'away'; readonly cause: Cause | 'payments' }

/** What the payment provider knows. @param receipts how many, the latest first */
export function useBilling(receipts: number): { answer: BillingAnswer; retry: () => Promise<unknown> } {
  const { data, error, loading, refetch } = useQuery(BillingDocument, {
    variables: { receipts },
    fetchPolicy: 'cache-and-network',
  })
  return { answer: answerOf(data, error, loading), retry: refetch }
}

function answerOf(data: BillingQuery | undefined, error: unknown, loading: boolean): BillingAnswer {
  const viewer = data?.viewer
  if (viewer) {
    if (!viewer.billing) return { kind: 'never' }
    // Of all its parts this one is never null for another reason.
    if (viewer.billing.invoices) return { kind: 'here', billing: viewer.billing }
    return loading ? { kind: 'waiting' } : { kind: 'away', cause: 'payments' }
  }
  return error && !loading ? { kind: 'away', cause: causeOf(error) } : { kind: 'waiting' }
}
