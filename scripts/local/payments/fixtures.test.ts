import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type Stripe from 'stripe'
import { cardFields, control, makePayer, makePlans, startPayments, submit, type Running } from './test-payments.ts'

type Plain = Record<string, unknown>

let running: Running
let fixtures: Record<string, Plain>
const made: Record<string, object> = {}

/** What Stripe's fixtures have and this double does not, and why. */
const differs = new Set([
  // The SDK's types have it no more: an invoice's subscription is under `parent`.
  'invoice.subscription',
  // An event's object is whatever it is about; the fixture's is a plan.
  'event.data.object',
  // What metadata holds is the merchant's.
  'payment_method.metadata',
])
/** Not made here: no invoice items of their own, no setup intents, and the clock is not an object. */
const notMade = ['test_helpers.test_clock', 'invoiceitem', 'setup_intent']

beforeAll(async () => {
  const text = await readFile(path.join(import.meta.dirname, 'fixtures.json'), 'utf8')
  fixtures = (JSON.parse(text) as { resources: Record<string, Plain> }).resources
  running = await startPayments()
  await makeOneOfEach()
})
afterAll(() => running.close())

async function makeOneOfEach(): Promise<void> {
  const { stripe, url } = running
  const plans = await makePlans(stripe)
  const customer = (await stripe.customers.retrieve((await makePayer(stripe)).id)) as Stripe.Customer
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' })
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FALL20' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: plans.supporter.id, quantity: 1 }],
    allow_promotion_codes: true,
    success_url: 'http://localhost:8000/done',
  })
  await submit(`${url}/c/pay/${session.id}`, { ...cardFields(), do: 'code', code: 'FALL20' })
  await submit(`${url}/c/pay/${session.id}`, cardFields())
  const { id } = customer
  const expand = ['data.discounts', 'data.default_payment_method']
  const [subscription] = (await stripe.subscriptions.list({ customer: id, expand })).data
  const [invoice] = (await stripe.invoices.list({ customer: id, expand: ['data.payments'] })).data
  const [charge] = (await stripe.charges.list({ customer: id })).data
  const [intended] = (await stripe.charges.list({ customer: id, expand: ['data.payment_intent'] })).data
  if (!subscription || !invoice || !charge) throw new Error('nothing was bought')
  Object.assign(made, {
    'billing_portal.session': await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'http://localhost:8000/account/',
      flow_data: {
        type: 'payment_method_update',
        after_completion: { type: 'redirect', redirect: { return_url: 'http://localhost:8000/account/' } },
      },
    }),
    'checkout.session': await stripe.checkout.sessions.retrieve(session.id),
    charge,
    coupon,
    customer,
    invoice,
    subscription,
    price: plans.supporter,
    product: await stripe.products.retrieve(plans.supporter.product as string),
    promotion_code: code,
    payment_intent: intended?.payment_intent,
    payment_method: subscription.default_payment_method,
    subscription_item: subscription.items.data[0],
    line_item: invoice.lines.data[0],
    invoice_payment: invoice.payments?.data[0],
    event: (await stripe.events.list({ limit: 1 })).data[0],
    refund: await stripe.refunds.create({ charge: charge.id, amount: 100 }),
    dispute: (await control(url, 'disputes', { chargeId: charge.id })) as Stripe.Dispute,
  })
}

test('makes one of each kind that Stripe has a fixture of', () => {
  expect(
    Object.keys(fixtures)
      .filter((name) => !(name in made))
      .sort(),
  ).toEqual([...notMade].sort())
})

test('has every key that Stripe has, also deep inside', () => {
  const missing = Object.entries(made).flatMap(([name, object]) => missingKeys(name, fixtures[name], object))
  expect(missing).toEqual([])
})

test('has them too in what is paid once, and in its invoice', async () => {
  const { stripe, url } = running
  const product = await stripe.products.create({ name: 'One issue' })
  const { id } = await stripe.checkout.sessions.create({
    mode: 'payment',
    customer: (await makePayer(stripe)).id,
    line_items: [{ price_data: { currency: 'usd', unit_amount: 900, product: product.id } }],
    invoice_creation: { enabled: true },
    success_url: 'http://localhost:8000/done',
  })
  await submit(`${url}/c/pay/${id}`, cardFields())
  const session = await stripe.checkout.sessions.retrieve(id)
  const customer = String(session.customer)
  const [invoice] = (await stripe.invoices.list({ customer, expand: ['data.payments'] })).data
  if (!invoice) throw new Error('no invoice')
  const payment = invoice.payments?.data[0]
  const once = { 'checkout.session': session, invoice, line_item: invoice.lines.data[0], invoice_payment: payment }
  expect(
    Object.entries(once).flatMap(([name, object]) => [...missingKeys(name, fixtures[name], object ?? null)]),
  ).toEqual([])
  const line = (fixtures.invoice?.lines as Stripe.ApiList<Stripe.InvoiceLineItem>).data[0]
  expect(missingKeys('line', line, invoice.lines.data[0])).toEqual([])
})

test('names no difference that is none', () => {
  const before = new Set(differs)
  differs.clear()
  const missing = Object.entries(made).flatMap(([name, object]) => missingKeys(name, fixtures[name], object))
  for (const one of before) differs.add(one)
  const named = [...before].filter((one) => !missing.some((path) => path === one || path.startsWith(`${one}.`)))
  expect(named).toEqual([])
})

function missingKeys(at: string, fixture: unknown, own: unknown): string[] {
  if (differs.has(at)) return []
  if (Array.isArray(fixture) && Array.isArray(own))
    return own.length && fixture.length ? missingKeys(at, fixture[0], own[0]) : []
  if (!isPlain(fixture) || !isPlain(own)) return []
  // A list of all kinds of a thing has a key for each kind; an object of one kind has its own.
  return Object.entries(fixture).flatMap(([key, value]) =>
    key in own ? missingKeys(`${at}.${key}`, value, own[key]) : differs.has(`${at}.${key}`) ? [] : [`${at}.${key}`],
  )
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
