import type Stripe from 'stripe'

type Decimal = NonNullable<Stripe.Price['unit_amount_decimal']>

/** A decimal is text on the wire; the SDK makes an object of it, which is what its types say. */
export const decimal = (amount: number): Decimal => String(amount) as unknown as Decimal

export const emptyAddress = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
} satisfies Stripe.Address

/** A list inside an object. */
export const innerList = <T>(data: T[], url: string) =>
  ({ object: 'list', data, has_more: false, url }) satisfies Stripe.ApiList<T>
