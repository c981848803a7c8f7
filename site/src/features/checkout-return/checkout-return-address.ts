/** How the checkout ended. The API adds it to the return address as `checkout`. */
export type Outcome = 'done' | 'back'

/** What was bought. The site adds it to the return address as `bought`. */
export type Purchase = 'plan' | 'gift'

export interface CheckoutReturn {
  readonly outcome: Outcome
  readonly purchase: Purchase
}

interface ReadReturn {
  /** Null if this is no return from checkout. */
  readonly checkoutReturn: CheckoutReturn | null
  /** The query without the parameters of checkout. If they stayed, each reload would show the notice again. */
  readonly search: string
}

const ours = /^(?:checkout|bought)=/

/** Parses a return from checkout. @param search the query of the address, with its question mark */
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

/** The return address after buying a gift. This page shows the code. */
export const afterGift = '/account/?bought=gift'
