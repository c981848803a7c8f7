import { refused } from '../problem.ts'
import type { TableName } from '../state/store.ts'
import type { Provider } from '../state/provider.ts'

/** By the property that holds an id: what it is the id of. */
const expandable: Readonly<Record<string, TableName>> = {
  charge: 'charge',
  coupon: 'coupon',
  customer: 'customer',
  default_payment_method: 'payment_method',
  default_price: 'price',
  discounts: 'discount',
  invoice: 'invoice',
  latest_charge: 'charge',
  latest_invoice: 'invoice',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  price: 'price',
  product: 'product',
  promotion_code: 'promotion_code',
  released_subscription: 'subscription',
  schedule: 'subscription_schedule',
  subscription: 'subscription',
}

/** The deepest that Stripe expands. */
const deepest = 4

type Plain = Record<string, unknown>

/**
 * Puts objects where their ids stand, and lists that are left out by default.
 *
 * @throws StripeProblem 400 for what cannot be expanded
 */
export function expand(provider: Provider, answer: object, paths: readonly string[]): object {
  return paths.reduce((object, path) => {
    const keys = path.split('.')
    if (keys.length > deepest + 1) throw cannot(path)
    return walk(provider, object as Plain, keys, path)
  }, answer)
}

function walk(provider: Provider, object: Plain, [key = '', ...rest]: readonly string[], path: string): Plain {
  const value = include(provider, object, key) ?? object[key]
  if (value === undefined) throw cannot(path)
  const table = expandable[key]
  const resolve = (one: unknown): unknown => {
    // A deleted object stays its id.
    const found = typeof one === 'string' && table ? (provider.store.get(table, one) ?? one) : one
    return rest.length > 0 && isPlain(found) ? walk(provider, found, rest, path) : found
  }
  if (rest.length === 0 && !table && !isIncluded(object, key)) throw cannot(path)
  return { ...object, [key]: Array.isArray(value) ? value.map(resolve) : resolve(value) }
}

const isIncluded = (object: Plain, key: string): boolean =>
  (object.object === 'checkout.session' && key === 'line_items') ||
  (object.object === 'invoice' && (key === 'payments' || key === 'lines')) ||
  (object.object === 'charge' && key === 'refunds')

/** Lists that an object has only when they are asked for. */
function include({ store }: Provider, object: Plain, key: string): object | undefined {
  const id = String(object.id)
  const listed = (data: object[], url: string) => ({ object: 'list', data, has_more: false, url })
  if (object.object === 'checkout.session' && key === 'line_items')
    return listed(store.need('checkoutNote', id).lineItems, `/v1/checkout/sessions/${id}/line_items`)
  if (object.object === 'invoice' && key === 'payments') {
    const payments = store.all('invoice_payment').filter((one) => one.invoice === id)
    return listed(payments, `/v1/invoice_payments?invoice=${id}`)
  }
  return undefined
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const cannot = (path: string) => refused(`This property cannot be expanded (${path}).`, 'expand')
