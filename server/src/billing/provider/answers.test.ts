import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type Stripe from 'stripe'
import type { z } from 'zod'
import * as answers from './answers.ts'
import { cardOf, invoicesOf, nextPaymentOf, openInvoiceOf, type StoredSubscription } from './account-reads.ts'
import { liveSubscriptionOf } from './subscriptions.ts'
import { parseObject } from './calls.ts'
import type { ProviderClient } from './client.ts'
import { ProviderFault } from './failures.ts'
import { providerPromotionCodes, providerProducts } from './catalogue.ts'

// Malformed responses must be refused, and keys such as `__proto__` must not reach a prototype.

type Plain = Record<string, unknown>

const phase = { start_date: 1, end_date: 2, trial_end: null, items: [{ price: 'price_1', quantity: 1 }], discounts: [] }
const invoice = {
  id: 'in_1',
  number: null,
  status: 'paid',
  created: 1_790_000_000,
  total: 500,
  currency: 'eur',
  description: null,
  hosted_invoice_url: null,
  lines: { data: [{ description: 'Supporter' }] },
}
const subscription = {
  id: 'sub_1',
  status: 'active',
  customer: 'cus_1',
  schedule: null,
  cancel_at: null,
  cancel_at_period_end: false,
  trial_end: null,
  items: { data: [{ id: 'si_1', price: { id: 'price_1' } }] },
}
const product = { id: 'prod_1', name: 'Supporter', description: null, active: true, metadata: { gatepost_plan: 'p' } }
const recurring = { interval: 'month', interval_count: 1 }
const price = { id: 'price_1', active: true, currency: 'eur', unit_amount: 500, recurring }
const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030 }

/** For each schema: a valid object, and the paths that are required. */
const kinds: readonly (readonly [string, z.ZodType, Plain, readonly string[]])[] = [
  ['a new object', answers.anyObject, { id: 'cus_1' }, ['id']],
  [
    'a checkout session',
    answers.checkoutSession,
    { id: 'cs_1', status: 'open', url: 'https://checkout.stripe.com/c/1', customer: 'cus_1', metadata: {} },
    ['id'],
  ],
  ['a portal session', answers.portalSession, { url: 'https://billing.stripe.com/p/1' }, ['url']],
  ['a customer', answers.customer, { id: 'cus_1' }, ['id']],
  [
    'a list of invoices',
    answers.invoices,
    { data: [invoice] },
    ['data', ...under('data.0', ['id', 'created', 'total'])],
  ],
  [
    'the lines of an invoice',
    answers.invoices,
    { data: [invoice] },
    under('data.0', ['currency', 'lines', 'lines.data']),
  ],
  ['a preview', answers.invoicePreview, { amount_due: 500, currency: 'eur' }, ['amount_due', 'currency']],
  [
    'a subscription',
    answers.subscription,
    subscription,
    [
      'id',
      'status',
      'customer',
      'cancel_at_period_end',
      'items',
      'items.data',
      'items.data.0.id',
      'items.data.0.price',
    ],
  ],
  [
    'a schedule',
    answers.schedule,
    { id: 'sub_sched_1', current_phase: { start_date: 1 }, phases: [phase] },
    ['id', 'phases', ...under('phases.0', ['start_date', 'end_date', 'items', 'items.0.price'])],
  ],
  ['a product', answers.product, product, ['id', 'name', 'active']],
  ['a price', answers.price, price, ['id', 'active', 'currency', 'recurring.interval', 'recurring.interval_count']],
  [
    'a price with its product',
    answers.priceAndProduct,
    { id: 'p', active: true, product },
    ['id', 'active', 'product'],
  ],
  [
    'promotion codes',
    answers.promotionCodes,
    { data: [{ id: 'promo_1', code: 'X', active: true, metadata: {}, promotion: { coupon: 'c' } }] },
    ['data', ...under('data.0', ['id', 'code', 'active'])],
  ],
  [
    'a card',
    answers.subscriptionWithCard,
    { default_payment_method: { card } },
    under('default_payment_method.card', ['brand', 'last4', 'exp_month', 'exp_year']),
  ],
  ['a listed subscription', answers.listedSubscription, { id: 'sub_1', customer: 'cus_1' }, ['id', 'customer']],
]

function under(place: string, names: readonly string[]): string[] {
  return names.map((name) => `${place}.${name}`)
}

const missing = Symbol('missing')
const hostile: readonly unknown[] = [
  missing,
  ['active'],
  [],
  { toString: 'active' },
  'a\0b',
  '\ud800',
  1.5,
  -1e300,
  null,
]

function withPlace(whole: Plain, place: string, value: unknown): Plain {
  const copy = structuredClone(whole)
  const keys = place.split('.')
  const last = keys.pop() ?? ''
  let inner = copy
  for (const key of keys) inner = inner[key] as Plain
  if (value === missing) Reflect.deleteProperty(inner, last)
  else inner[last] = value
  return copy
}

const isListIn = (place: string, value: unknown) =>
  /(^|\.)(data|phases|items)$/.test(place) && Array.isArray(value) && value.length === 0

test.each(kinds)('accepts %s', (_title, shape, valid) => {
  expect(() => parseObject(valid, shape)).not.toThrow()
})

const fixtures = JSON.parse(
  readFileSync(new URL('../../../../scripts/local/payments/fixtures.json', import.meta.url), 'utf8'),
) as { readonly resources: Readonly<Record<string, unknown>> }

test.each<[string, z.ZodType]>([
  ['billing_portal.session', answers.portalSession],
  ['checkout.session', answers.checkoutSession],
  ['customer', answers.customer],
  ['customer', answers.customerWithCard],
  ['subscription', answers.subscriptionWithCard],
  ['subscription', answers.listedSubscription],
  ['product', answers.product],
  ['price', answers.price],
])('accepts the %s of the provider’s own fixtures', (name, shape) => {
  expect(() => parseObject(fixtures.resources[name], shape)).not.toThrow()
})

test.each(kinds)('refuses %s of another shape', (_title, shape, valid, places) => {
  for (const whole of ['active', ['active'], null, 7, undefined]) {
    expect(() => parseObject(whole, shape)).toThrow(ProviderFault)
  }
  for (const place of places) {
    for (const value of hostile) {
      // Empty lists of lines and phases are valid.
      if (isListIn(place, value)) continue
      const spoiled = withPlace(valid, place, value)
      expect({ place, value, outcome: outcomeOf(() => parseObject(spoiled, shape)) }).toEqual({
        place,
        value,
        outcome: expect.stringMatching(/^a response of the payment provider is malformed at [\w.]+$/),
      })
    }
  }
})

function outcomeOf(read: () => unknown): string {
  try {
    return `understood: ${JSON.stringify(read())}`
  } catch (error) {
    return error instanceof ProviderFault ? error.message : `crashed: ${String(error)}`
  }
}

test.each(['toString', '__proto__', 'constructor', 'paused', 'a\0b'])(
  'refuses a session with the status %j',
  (status) => {
    const session = { id: 'cs_1', status, url: null }
    expect(() => parseObject(session, answers.checkoutSession)).toThrow(ProviderFault)
  },
)

test.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'a\0b', ['https://a.example/']])(
  'refuses the address %j',
  (url) => {
    const asked: readonly (readonly [z.ZodType, Plain])[] = [
      [answers.portalSession, { url }],
      [answers.checkoutSession, { id: 'cs_1', status: 'open', url }],
      [answers.invoices, { data: [{ ...invoice, hosted_invoice_url: url }] }],
    ]
    for (const [shape, object] of asked) expect(() => parseObject(object, shape)).toThrow(ProviderFault)
  },
)

/** Creates a client that answers every request with the same value. */
function answering(answer: unknown): Stripe {
  const ask = () => Object.assign(Promise.resolve(answer), listed(answer))
  const resource: unknown = new Proxy(ask, { get: (_target, name) => (name === 'then' ? undefined : resource) })
  return resource as Stripe
}
const listed = (answer: unknown) => ({
  async *[Symbol.asyncIterator]() {
    yield* (answer as { data?: unknown[] } | null)?.data ?? []
  },
})
const row = { subscriptionId: 'sub_1', customerId: 'cus_1', next: null, scheduleId: null } as StoredSubscription
const payer = { customerId: 'cus_1', subscription: row }

test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'new'])(
  'ignores objects with the unknown value %s',
  async (word) => {
    const invoices = answering({ data: [{ ...invoice, status: word }] })
    expect(await invoicesOf(invoices, 'cus_1', 10)).toEqual([])
    expect(await openInvoiceOf(invoices, 'cus_1')).toBeNull()
    const marked = { ...product, metadata: {} }
    expect(await providerProducts(answering({ data: [marked] }))).toEqual([])
    const odd = { ...product, ...price, metadata: { gatepost_plan: 'p' }, recurring: { ...recurring, interval: word } }
    expect(await providerProducts(answering({ data: [odd] }))).toMatchObject([{ planId: 'p', prices: [] }])
    const code = { id: 'promo_1', code: 'X', active: true, metadata: { [word]: 'X' }, promotion: { coupon: 'c' } }
    expect(await providerPromotionCodes(answering({ data: [code] }), ['X'])).toMatchObject([{ createdHere: false }])
  },
)

test.each<[string, (stripe: ProviderClient) => Promise<unknown>]>([
  ['the card', (stripe) => cardOf(stripe, payer)],
  ['the invoices', (stripe) => invoicesOf(stripe, 'cus_1', 10)],
  ['an open invoice', (stripe) => openInvoiceOf(stripe, 'cus_1')],
  ['the next payment', (stripe) => nextPaymentOf(stripe, row, new Date(0))],
  ['a subscription', (stripe) => liveSubscriptionOf(stripe, 'sub_1')],
  ['promotion codes', (stripe) => providerPromotionCodes(stripe, ['X'])],
])('refuses a malformed response for %s', async (_title, ask) => {
  for (const answer of [null, 'active', ['active'], { default_payment_method: 7, invoice_settings: 7 }, 7]) {
    await expect(ask(answering(answer))).rejects.toThrow(ProviderFault)
  }
})
