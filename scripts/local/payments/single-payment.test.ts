import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type Stripe from 'stripe'
import { cardFields, makePayer, refusal, startPayments, submit, type Running } from './test-payments.ts'

// What is paid once, and the invoice that is made of it when that is asked for.

let running: Running
beforeAll(async () => {
  running = await startPayments()
  const product = await running.stripe.products.create({ name: 'One issue' })
  oneIssue = { currency: 'eur', unit_amount: 990, product: product.id }
})
afterAll(() => running.close())

let oneIssue: { readonly currency: string; readonly unit_amount: number; readonly product: string }

interface Purchase extends Partial<Stripe.Checkout.SessionCreateParams> {
  /** The coupon of a promotion code that is entered on the page. */
  readonly coupon?: string
}

async function buy({ coupon, ...more }: Purchase, number?: string) {
  const { stripe, url } = running
  const { id: customer } = await makePayer(stripe)
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    customer,
    line_items: [{ price_data: oneIssue, quantity: 2 }],
    success_url: 'http://localhost:8000/done',
    allow_promotion_codes: true,
    ...more,
  })
  const address = `${url}/c/pay/${session.id}`
  if (coupon) {
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: coupon })
    await submit(address, { ...cardFields(), do: 'code', code: coupon })
  }
  const [before] = (await stripe.events.list({ limit: 1 })).data
  const page = await (await fetch(address)).text()
  await submit(address, cardFields(number))
  const { data } = await stripe.events.list({ limit: 100 })
  const told = data.slice(
    0,
    data.findIndex(({ id }) => id === before?.id),
  )
  return {
    page,
    done: await stripe.checkout.sessions.retrieve(session.id),
    told: told.map(({ type }) => type).reverse(),
  }
}

const invoicesOf = async (customer: string) =>
  (await running.stripe.invoices.list({ customer, expand: ['data.payments'] })).data

test('it makes a payment with the metadata that it was given', async () => {
  const { stripe } = running
  const { done, page } = await buy({ payment_intent_data: { metadata: { article: 'a' } } })
  expect(page).toContain('€19.80')
  expect(done).toMatchObject({ status: 'complete', subscription: null })
  const [charge] = (await stripe.charges.list({ customer: String(done.customer), expand: ['data.payment_intent'] }))
    .data
  expect(charge).toMatchObject({
    paid: true,
    payment_intent: { id: done.payment_intent, amount: 1980, status: 'succeeded', metadata: { article: 'a' } },
  })
})

test('the page says of a code what it gives, and of no months', async () => {
  const coupon = await running.stripe.coupons.create({ percent_off: 20, duration: 'repeating', duration_in_months: 3 })
  expect((await buy({ coupon: coupon.id })).page).toContain('<dt>20% off</dt><dd>−€3.96</dd>')
})

test('an invoice is made, paid, and tied to the payment', async () => {
  const { stripe } = running
  const { id: customer } = await makePayer(stripe)
  const { done, told } = await buy({
    customer,
    invoice_creation: { enabled: true, invoice_data: { description: 'Thank you.' } },
  })
  const [invoice, ...others] = await invoicesOf(customer)
  expect(others).toEqual([])
  expect(done).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    invoice: invoice?.id,
    invoice_creation: { enabled: true, invoice_data: { description: 'Thank you.' } },
  })
  expect(invoice).toMatchObject({
    status: 'paid',
    billing_reason: 'manual',
    parent: null,
    customer,
    currency: 'eur',
    subtotal: 1980,
    total: 1980,
    amount_due: 1980,
    amount_paid: 1980,
    amount_remaining: 0,
    description: 'Thank you.',
    number: expect.stringMatching(/-0001$/),
    lines: {
      data: [
        {
          description: 'One issue',
          amount: 1980,
          quantity: 2,
          subscription: null,
          parent: { type: 'invoice_item_details', subscription_item_details: null },
          period: { start: invoice?.created, end: invoice?.created },
        },
      ],
    },
  })
  expect(invoice?.payments?.data).toMatchObject([
    { status: 'paid', amount_paid: 1980, payment: { payment_intent: done.payment_intent } },
  ])
  expect(told).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.created',
    'invoice.finalized',
    'invoice_payment.paid',
    'invoice.paid',
    'invoice.payment_succeeded',
    'checkout.session.completed',
  ])
  const receipt = await (await fetch((invoice?.hosted_invoice_url ?? '').replace('localhost', '127.0.0.1'))).text()
  for (const text of ['Receipt', 'One issue', '€19.80', 'Thank you.']) expect(receipt).toContain(text)
})

test.each([
  ['is not asked for', {}],
  ['is asked not to be', { invoice_creation: { enabled: false } }],
])('none is made where it %s', async (_when, more) => {
  const { id: customer } = await makePayer(running.stripe)
  const { done, told } = await buy({ customer, ...more })
  expect(done).toMatchObject({ status: 'complete', invoice: null, invoice_creation: { enabled: false } })
  expect(await invoicesOf(customer)).toEqual([])
  expect(told.filter((type) => type.startsWith('invoice'))).toEqual([])
})

test('of a card that is declined nothing is left', async () => {
  const { id: customer } = await makePayer(running.stripe)
  const { done } = await buy({ customer, invoice_creation: { enabled: true } }, '4000000000000002')
  expect(done).toMatchObject({ status: 'open', invoice: null, payment_intent: null })
  expect(await invoicesOf(customer)).toEqual([])
})

test('session, payment and invoice name one amount, also with discounts that are rounded', async () => {
  const { stripe } = running
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
  const line = (unit_amount: number) => ({ price_data: { ...oneIssue, unit_amount }, quantity: 1 })
  const { done } = await buy({
    line_items: [line(333), line(555), line(777)],
    coupon: coupon.id,
    invoice_creation: { enabled: true },
  })
  const [invoice] = await invoicesOf(String(done.customer))
  const [charge] = (await stripe.charges.list({ customer: String(done.customer) })).data
  const lines = invoice?.lines.data ?? []
  const off = lines.flatMap(({ discount_amounts: amounts }) => amounts ?? []).reduce((sum, one) => sum + one.amount, 0)
  expect(done.amount_total).toBe(1665 - off)
  expect([invoice?.total, invoice?.amount_paid, charge?.amount]).toEqual(Array(3).fill(done.amount_total))
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
})

test('what costs nothing has a paid invoice of nothing, and no payment', async () => {
  const coupon = await running.stripe.coupons.create({ percent_off: 100, duration: 'once' })
  const { done, told } = await buy({ coupon: coupon.id, invoice_creation: { enabled: true } })
  expect(done).toMatchObject({ payment_status: 'no_payment_required', payment_intent: null })
  expect(await invoicesOf(String(done.customer))).toMatchObject([{ status: 'paid', total: 0, subtotal: 1980 }])
  expect(told).not.toContain('invoice_payment.paid')
})

test('a refund leaves the invoice paid', async () => {
  const { done } = await buy({ invoice_creation: { enabled: true } })
  await running.stripe.refunds.create({ payment_intent: String(done.payment_intent) })
  expect(await invoicesOf(String(done.customer))).toMatchObject([{ id: done.invoice, status: 'paid' }])
})

test.each([
  ['a subscription', { mode: 'subscription', invoice_creation: { enabled: true } }, 'invoice_creation'],
  [
    'what the double does not know',
    { invoice_creation: { enabled: true, invoice_data: { footer: 'Bye' } } },
    'invoice_creation[invoice_data][footer]',
  ],
  [
    'neither yes nor no',
    { invoice_creation: { enabled: 'perhaps' as unknown as boolean } },
    'invoice_creation[enabled]',
  ],
] as const)('invoice_creation is refused for %s', async (_what, more, param) => {
  expect(await refusal(buy(more))).toMatchObject({
    statusCode: 400,
    param,
  })
})
