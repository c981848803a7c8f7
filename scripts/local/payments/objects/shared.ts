import type Stripe from 'stripe'

type Decimal = NonNullable<Stripe.Price['unit_amount_decimal']>

/** Makes a decimal. It is sent as text, which the SDK converts to the type that it declares. */
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
