import Stripe from 'stripe'
import type { PaymentSettings } from '../../env.ts'
import { createHttpClient, type Budget } from './http-client.ts'

/** The client of the payment provider. Opaque: only the files of this folder get the SDK behind it, with `sdkOf`. */
export type ProviderClient = Pick<Stripe, 'errors'>

/** Returns the SDK of a client. */
export const sdkOf = (client: ProviderClient): Stripe => client as Stripe

/** The API version of this code. Set on each request, so that the default of the account does not matter. */
export const apiVersion = '2026-10-28.endive'

/** The time budget of all provider requests of one mutation together, in milliseconds. */
export const requestBudgetMilliseconds = 8_000

/** The time budget for undoing a change that could not be finished, in milliseconds. */
export const undoBudgetMilliseconds = 3_000

/** Options of reads for display. A page without the data is better than a late page. */
export const whenReading = { timeout: 3_000 } as const

/**
 * Creates a client of Stripe or of its local double.
 *
 * @param budget the time budget of all its requests together. By default each request may take eight seconds, with its retries
 */
export function createStripe(
  { secretKey, apiBase }: Pick<PaymentSettings, 'secretKey' | 'apiBase'>,
  budget?: Budget,
): ProviderClient {
  return new Stripe(secretKey, {
    apiVersion,
    httpClient: createHttpClient(Stripe.createNodeHttpClient(), budget),
    // The HTTP client retries, within its budget.
    maxNetworkRetries: 0,
    timeout: requestBudgetMilliseconds,
    telemetry: false,
    appInfo: { name: 'Gatepost' },
    ...(apiBase && {
      host: apiBase.hostname,
      port: apiBase.port || (apiBase.protocol === 'https:' ? '443' : '80'),
      protocol: apiBase.protocol === 'https:' ? 'https' : 'http',
    }),
  })
}
