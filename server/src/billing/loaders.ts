import type { Queryable } from '../db/index.ts'
import type { ChangeHub } from '../membership/index.ts'
import { undoBudgetMilliseconds, type ProviderClient } from './provider/client.ts'
import { billingFailure } from './provider/failures.ts'
import { payerOf, type Payer } from './subscription/queries.ts'

/** The services that all requests share. */
export interface BillingServices {
  /** Null without `STRIPE_SECRET_KEY`. */
  readonly stripe: ProviderClient | null
  /** Creates a client whose calls share one time budget, by default that of a request. Null without `STRIPE_SECRET_KEY`. */
  readonly createProviderClient: ((milliseconds?: number) => ProviderClient) | null
  /** The site's origin, to which checkout and portal return. */
  readonly siteUrl: string
  /** How long a response waits for the webhook of a change. */
  readonly webhookWaitMilliseconds: number
  /** Publishes the members whose records were written, for example by a webhook. */
  readonly changes: ChangeHub
}

/** The services and caches of this room in one request. */
export interface BillingLoaders extends Omit<BillingServices, 'createProviderClient'> {
  /** Returns the client for changes of this request, or null without `STRIPE_SECRET_KEY`. */
  readonly providerClient: () => ProviderClient | null
  /** Creates a client that undoes a change. It has its own time budget, because that of the request may be used up. */
  readonly createUndoClient: () => ProviderClient | null
  /** Returns a member's payer. Cached until `forget`. */
  readonly payer: (memberId: string) => Promise<Payer | null>
  /** Clears the caches after a change. */
  readonly forget: () => void
  /**
   * Reads data from the provider for display. Cached by name until `forget`. Returns null if the provider fails, and logs the
   * failure, so that the rest of the response is not lost.
   */
  readonly readOrNull: <T>(name: string, read: (stripe: ProviderClient) => Promise<T>) => Promise<T | null>
  /** Called with a failure that does not stop the response. */
  readonly onFailure: (what: string, error: unknown) => void
}

interface BillingLoadersOptions extends BillingServices {
  readonly db: Queryable
  readonly onFailure: (what: string, error: unknown) => void
  /** Called before each request to the provider. */
  readonly onProviderCall?: (() => void) | undefined
}

export function createBillingLoaders({
  db,
  onProviderCall,
  createProviderClient,
  ...services
}: BillingLoadersOptions): BillingLoaders {
  const { stripe, onFailure } = services
  const payers = new Map<string, Promise<Payer | null>>()
  const reads = new Map<string, Promise<unknown>>()
  let providerClient: ProviderClient | null = null
  return {
    ...services,
    providerClient: () => (providerClient ??= createProviderClient?.() ?? null),
    createUndoClient: () => createProviderClient?.(undoBudgetMilliseconds) ?? null,
    payer: (memberId) => cached(payers, memberId, () => payerOf(db, memberId)),
    forget: () => {
      payers.clear()
      reads.clear()
    },
    readOrNull: async <T>(name: string, read: (stripe: ProviderClient) => Promise<T>) => {
      if (stripe === null) return null
      onProviderCall?.()
      const result = cached(reads, name, () =>
        read(stripe).catch((error: unknown) => {
          onFailure(`the payment provider could not be asked for ${name}`, billingFailure(error))
          return null
        }),
      )
      return result as Promise<T | null>
    },
  }
}

function cached<T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const value = cache.get(key) ?? load()
  cache.set(key, value)
  return value
}
