import { refused } from '../problem.ts'
import type { TableName } from '../state/store.ts'
import type { Provider } from '../state/provider.ts'

/** By the property that holds an id: the table of the object. */
const expandable: Readonly<Record<string, TableName>> = {
  customer: 'customer',
  default_payment_method: 'payment_method',
  discounts: 'discount',
  invoice: 'invoice',
  latest_invoice: 'invoice',
  payment_intent: 'payment_intent',
  product: 'product',
  schedule: 'subscription_schedule',
  subscription: 'subscription',
}

/** The maximum depth of an expansion at Stripe. */
const maxDepth = 4

type Plain = Record<string, unknown>

/**
 * Replaces ids by their objects, and adds the payments of an invoice, which are left out by default.
 *
 * @throws StripeProblem 400 for a property that cannot be expanded
 */
export function expand(provider: Provider, answer: object, paths: readonly string[]): object {
  return paths.reduce((object, path) => {
    const keys = path.split('.')
    if (keys.length > maxDepth + 1) throw cannotExpand(path)
    return expandPath(provider, object as Plain, keys, path)
  }, answer)
}

function expandPath(provider: Provider, object: Plain, [key = '', ...rest]: readonly string[], path: string): Plain {
  const isPayments = object.object === 'invoice' && key === 'payments'
  const value = isPayments ? paymentsOf(provider, String(object.id)) : object[key]
  const table = expandable[key]
  if (value === undefined || (rest.length === 0 && !table && !isPayments)) throw cannotExpand(path)
  const resolve = (one: unknown): unknown => {
    // A deleted object remains an id.
    const found = typeof one === 'string' && table ? (provider.store.get(table, one) ?? one) : one
    return rest.length > 0 && isPlain(found) ? expandPath(provider, found, rest, path) : found
  }
  return { ...object, [key]: Array.isArray(value) ? value.map(resolve) : resolve(value) }
}

function paymentsOf({ store }: Provider, invoice: string): object {
  const data = store.all('invoice_payment').filter((one) => one.invoice === invoice)
  return { object: 'list', data, has_more: false, url: `/v1/invoice_payments?invoice=${invoice}` }
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const cannotExpand = (path: string) => refused(`This property cannot be expanded (${path}).`, 'expand')
