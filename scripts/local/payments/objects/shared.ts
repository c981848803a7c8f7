import type Stripe from 'stripe'

type Decimal = NonNullable<Stripe.Price['unit_amount_decimal']>

/** Makes a decimal: text on the wire, of which the SDK makes the object that its types declare. */
export const decimal = (amount: number): Decimal => String(amount) as unknown as Decimal

export const emptyAddress = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
} satisfies Stripe.Address

/** Makes a list inside an object. */
export const innerList = <T>(data: T[], url: string) =>
  ({ object: 'list', data, has_more: false, url }) satisfies Stripe.ApiList<T>
