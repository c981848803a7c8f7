import Stripe from 'stripe'
import type { PaymentSettings } from '../../env.ts'
import { createHttpClient, type Budget } from './http-client.ts'

/** The client of the payment provider. Only the files of this folder call its methods. */
export type ProviderClient = Stripe

/** What this code was written for. Named, so that a change of the account's default changes nothing here. */
export const apiVersion = '2026-10-28.endive'

/** How long a reader waits for the answer of whatever is changed, in milliseconds: all requests of one answer together. */
export const requestBudgetMilliseconds = 8_000

/** How long the request that could not finish a change may then take to take it back, in milliseconds. */
export const undoBudgetMilliseconds = 3_000

/** For what is only shown: the page is worth more without it than late. */
export const whenReading = { timeout: 3_000 } as const

/**
 * Makes the provider's own client, to Stripe or to the local double that speaks its language.
 *
 * @param budget of all its requests together; without one each may take eight seconds, with its retries
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
