import type { Queryable } from '../db/index.ts'
import type { ChangeHub } from '../membership/index.ts'
import { undoBudgetMilliseconds, type ProviderClient } from './provider/client.ts'
import { billingFailure } from './provider/failures.ts'
import { payerOf, type Payer } from './subscription/queries.ts'

/** What all requests share. */
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

/** What the fields of this room use in one request. */
export interface BillingLoaders extends Omit<BillingServices, 'createProviderClient'> {
  /** Returns the client for changes of this request, or null without `STRIPE_SECRET_KEY`. */
  readonly providerClient: () => ProviderClient | null
  /** Returns a client that undoes a change. It has a time budget of its own, because that of the request may be used up. */
  readonly undoClient: () => ProviderClient | null
  /** Returns a member's payer. Looked up once, and again after a change. */
  readonly payer: (memberId: string) => Promise<Payer | null>
  readonly forget: () => void
  /**
   * Asks the provider for what is only shown, once for each name. Null while it cannot answer: the log sees why, and the rest of
   * the page comes.
   */
  readonly show: <T>(name: string, question: (stripe: ProviderClient) => Promise<T>) => Promise<T | null>
  /** Told of what went wrong without stopping the answer. */
  readonly onFailure: (what: string, error: unknown) => void
}

export interface BillingLoadersOptions extends BillingServices {
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
  const shown = new Map<string, Promise<unknown>>()
  let providerClient: ProviderClient | null = null
  return {
    ...services,
    providerClient: () => (providerClient ??= createProviderClient?.() ?? null),
    undoClient: () => createProviderClient?.(undoBudgetMilliseconds) ?? null,
    payer: (memberId) => remembered(payers, memberId, () => payerOf(db, memberId)),
    forget: () => {
      payers.clear()
      shown.clear()
    },
    show: async <T>(name: string, question: (stripe: ProviderClient) => Promise<T>) => {
      if (stripe === null) return null
      onProviderCall?.()
      const asked = remembered(shown, name, () =>
        question(stripe).catch((error: unknown) => {
          onFailure(`the payment provider could not be asked for ${name}`, billingFailure(error))
          return null
        }),
      )
      return asked as Promise<T | null>
    },
  }
}

function remembered<T>(answers: Map<string, Promise<T>>, name: string, ask: () => Promise<T>): Promise<T> {
  const answer = answers.get(name) ?? ask()
  answers.set(name, answer)
  return answer
}
