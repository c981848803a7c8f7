import type Stripe from 'stripe'
import type { Queryable } from '../db/index.ts'
import type { ChangeHub } from '../membership/index.ts'
import { payerOf, type Payer } from './queries.ts'
import { billingFailure, undoBudgetMilliseconds } from './stripe.ts'

/** What all requests share. */
export interface BillingServices {
  /** Null: nothing is sold. */
  readonly stripe: Stripe | null
  /** Makes a client whose calls share one budget of time: that of a request, unless given. Null: nothing is sold. */
  readonly createSeller: ((milliseconds?: number) => Stripe) | null
  /** The site's origin: where people come back to. */
  readonly siteUrl: string
  /** How long an answer waits for the provider's word. */
  readonly hearingMilliseconds: number
  /** Tells of whom something was written: a change's own word has come in, perhaps. */
  readonly changes: ChangeHub
}

/** What a field of this room may use, of one request. */
export interface BillingLoaders extends Omit<BillingServices, 'createSeller'> {
  /** The client for what this request changes; null where nothing is sold. */
  readonly seller: () => Stripe | null
  /** A client for what takes a change back, with a budget of its own: that of the request may have run out. Null likewise. */
  readonly undoer: () => Stripe | null
  /** Of a member; looked up once, and anew after something was changed. */
  readonly payer: (memberId: string) => Promise<Payer | null>
  readonly forget: () => void
  /**
   * Asks the provider for what is only shown, once for each name. Null while it cannot answer: the log sees why, and the rest of
   * the page comes.
   */
  readonly show: <T>(name: string, question: (stripe: Stripe) => Promise<T>) => Promise<T | null>
  /** Told of what went wrong without stopping the answer. */
  readonly onFailure: (what: string, error: unknown) => void
}

export interface BillingLoadersOptions extends BillingServices {
  readonly db: Queryable
  readonly onFailure: (what: string, error: unknown) => void
  /** Called when the answer begins to wait for the provider. */
  readonly onOutside?: (() => void) | undefined
}

export function createBillingLoaders({
  db,
  onOutside,
  createSeller,
  ...services
}: BillingLoadersOptions): BillingLoaders {
  const { stripe, onFailure } = services
  const payers = new Map<string, Promise<Payer | null>>()
  const shown = new Map<string, Promise<unknown>>()
  let seller: Stripe | null = null
  return {
    ...services,
    seller: () => (seller ??= createSeller?.() ?? null),
    undoer: () => createSeller?.(undoBudgetMilliseconds) ?? null,
    payer: (memberId) => remembered(payers, memberId, () => payerOf(db, memberId)),
    forget: () => {
      payers.clear()
      shown.clear()
    },
    show: async <T>(name: string, question: (stripe: Stripe) => Promise<T>) => {
      if (stripe === null) return null
      onOutside?.()
      const asked = remembered(shown, name, () =>
        question(stripe).catch((error: unknown) => {
          onFailure(`the payment provider was asked for ${name}`, billingFailure(error))
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
