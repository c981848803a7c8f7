/** How a reader comes back from the payment provider: the API writes it into the address that was asked for. */
export type Outcome = 'done' | 'back'

/** What was bought, if anything: ours to write into that address. */
export type Purchase = 'plan' | 'gift'

export interface CheckoutReturn {
  readonly outcome: Outcome
  readonly purchase: Purchase
}

export interface ReadReturn {
  /** Null: nobody comes back. */
  readonly checkoutReturn: CheckoutReturn | null
  /** The query without what was read: what stays in the address would be said again with each reload. */
  readonly search: string
}

const ours = /^(?:checkout|bought)=/

/** @param search the address's query, with its question mark */
export function readCheckoutReturn(search: string): ReadReturn {
  const query = new URLSearchParams(search)
  const outcome = query.get('checkout')
  if (outcome !== 'done' && outcome !== 'back') return { checkoutReturn: null, search }
  const rest = search
    .slice(1)
    .split('&')
    .filter((part) => !ours.test(part))
  return {
    checkoutReturn: { outcome, purchase: query.get('bought') === 'gift' ? 'gift' : 'plan' },
    search: rest.length > 0 ? `?${rest.join('&')}` : '',
  }
}

/** Where to come back to after buying a gift: its code is shown there. */
export const afterGift = '/account/?bought=gift'
