import { expect, test } from '@jest/globals'
import type Stripe from 'stripe'
import { control, makePayer, moveDays, refusal, sdk, startWithPlans, subscriptionOf } from './test-payments.ts'

const { running, plans } = await startWithPlans()

function post(path: string, body: string, headers: Record<string, string> = {}) {
  return fetch(`${running.url}/v1/${path}`, {
    method: 'POST',
    body,
    headers: {
      authorization: `Basic ${Buffer.from('sk_test_double:').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'stripe-version': '2026-10-28.endive',
      ...headers,
    },
  })
}

test('a wrong key is refused', async () => {
  const error = await refusal(sdk(running.port, 'sk_test_other').customers.list())
  expect([error.statusCode, error.type]).toEqual([401, 'StripeAuthenticationError'])
  expect(error.message).not.toContain('sk_test')
  expect((await post('customers', '', { authorization: '' })).status).toBe(401)
})

test('another version is refused', async () => {
  const answer = await post('customers', '', { 'stripe-version': '2024-06-20' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('2024-06-20') } })
})

test.each([
  ['customers', 'emial=a', 'parameter_unknown', 'emial'],
  ['customers', 'invoice_settings[x]=1', 'parameter_unknown', 'invoice_settings'],
  ['products', '', 'parameter_missing', 'name'],
  ['products', 'name=', 'parameter_invalid_empty', 'name'],
  ['prices', 'currency=usd&unit_amount=1.5&product=prod_1', 'parameter_invalid', 'unit_amount'],
  ['prices', 'currency=usd&unit_amount=1&product=prod_1', 'resource_missing', 'product'],
  ['checkout/sessions', 'mode=payment&customer=cus_1&success_url=http://a.test', 'parameter_missing', 'line_items'],
  [
    'checkout/sessions',
    'mode=payment&customer=cus_1&success_url=http://a.test&line_items[0][colour]=red',
    'parameter_unknown',
    'line_items[0][colour]',
  ],
  ['customers', 'metadata[__proto__]=1', 'parameter_unknown', 'metadata[__proto__]'],
  ['customers', '__proto__[email]=a', 'parameter_unknown', '__proto__[email]'],
])('POST %s with %j: %s of %s', async (path, body, code, param) => {
  const answer = await post(path, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', code, param } })
})

test.each([
  'customers/cus_none',
  'subscriptions/sub_none',
  'prices/price_none',
  'coupons/none',
  'subscription_schedules/sub_sched_none',
])('GET %s is 404', async (path) => {
  const answer = await fetch(`${running.url}/v1/${path}`, {
    headers: { authorization: 'Bearer sk_test_double', 'stripe-version': '2026-10-28.endive' },
  })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('request-id')).toMatch(/^req_\w{14}$/)
  expect(await answer.json()).toMatchObject({ error: { code: 'resource_missing' } })
})

test('an event says what changed, and by which request', async () => {
  const { stripe } = running
  const made = await stripe.products.create({ name: 'One', metadata: { plan: '7' } })
  const changed = await stripe.products.update(made.id, { name: 'Two', description: '' })
  expect(changed).toMatchObject({ name: 'Two', description: null, metadata: { plan: '7' } })
  const [event] = (await stripe.events.list({ type: 'product.updated', limit: 1 })).data
  expect(event).toMatchObject({
    api_version: '2026-10-28.endive',
    livemode: false,
    data: { previous_attributes: { name: 'One' } },
    request: { id: changed.lastResponse.requestId },
  })
})

test('lists are read page by page', async () => {
  const { stripe } = running
  const ids: string[] = []
  for (let index = 0; index < 5; index += 1) ids.unshift((await stripe.products.create({ name: `P${index}` })).id)
  const page = await stripe.products.list({ limit: 2 })
  expect([page.has_more, page.data.map(({ id }) => id)]).toEqual([true, ids.slice(0, 2)])
  const all: string[] = []
  for await (const { id } of stripe.products.list({ limit: 2 })) all.push(id)
  expect(all.slice(0, 5)).toEqual(ids)
  expect(new Set(all).size).toBe(all.length)
})

test('codes of a deleted coupon are dead', async () => {
  const { stripe } = running
  const coupon = await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once', name: 'Three off' })
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'Welcome',
  })
  expect((await stripe.promotionCodes.list({ code: 'WELCOME' })).data).toMatchObject([{ id: code.id }])
  expect(
    (await refusal(stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'welcome' })))
      .param,
  ).toBe('code')
  expect(await stripe.coupons.del(coupon.id)).toMatchObject({ deleted: true })
  expect((await stripe.promotionCodes.retrieve(code.id)).active).toBe(false)
})

test('one key is one customer, also at once', async () => {
  const { stripe } = running
  const options = { idempotencyKey: 'key-1' }
  const make = () => stripe.customers.create({ email: 'once@example.test' }, options)
  const made = await Promise.all([make(), make(), make(), make()])
  expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  const { data } = await stripe.customers.list({ limit: 100 })
  expect(data.filter(({ email }) => email === 'once@example.test')).toHaveLength(1)
  const error = await refusal(stripe.customers.create({ email: 'other@example.test' }, options))
  expect([error.statusCode, error.rawType]).toEqual([400, 'idempotency_error'])
  const [event] = (await stripe.events.list({ type: 'customer.created', limit: 1 })).data
  expect(event?.request).toMatchObject({ idempotency_key: 'key-1' })
})

test('a key is forgotten after a day, and a slip does not use it up', async () => {
  const { stripe, url } = running
  const key = { 'idempotency-key': 'key-2' }
  expect((await post('customers', 'emial=a', key)).status).toBe(400)
  const first = await post('customers', 'email=a', key)
  const again = await post('customers', 'email=a', key)
  expect([first.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  await moveDays(url, 1.01)
  const later = (await (await post('customers', 'email=a', key)).json()) as { id: string }
  expect(later.id).not.toBe(((await first.json()) as { id: string }).id)
  expect(await stripe.customers.retrieve(later.id)).toMatchObject({ email: 'a' })
})

test('money goes back in parts, and not more than there was', async () => {
  const { stripe } = running
  const customer = await makePayer(stripe)
  await stripe.subscriptions.create(subscriptionOf(customer, plans.supporter))
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data
  if (!charge) throw new Error('no charge')
  const chargeNow = async () => (await stripe.charges.list({ customer: customer.id })).data[0]
  const part = await stripe.refunds.create({
    payment_intent: charge.payment_intent as string,
    amount: 200,
  })
  expect(part).toMatchObject({ amount: 200, status: 'succeeded', charge: charge.id })
  expect(await chargeNow()).toMatchObject({ amount_refunded: 200, refunded: false })
  expect((await refusal(stripe.refunds.create({ charge: charge.id, amount: 301 }))).message).toContain('$3.00')
  await stripe.refunds.create({ charge: charge.id })
  expect(await chargeNow()).toMatchObject({ amount_refunded: 500, refunded: true })
  expect((await refusal(stripe.refunds.create({ charge: charge.id }))).code).toBe('charge_already_refunded')
  const told = (await stripe.events.list({ limit: 4 })).data
  expect(told.map(({ type }) => type)).toEqual([
    'charge.refunded',
    'refund.created',
    'charge.refunded',
    'refund.created',
  ])
})

test('a dispute is opened and lost', async () => {
  const { stripe, url } = running
  const customer = await makePayer(stripe)
  await stripe.subscriptions.create(subscriptionOf(customer, plans.supporter))
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data
  const opened = (await control(url, 'disputes', { chargeId: charge?.id, reason: 'fraudulent' })) as Stripe.Dispute
  expect(opened).toMatchObject({ status: 'needs_response', amount: 500, charge: charge?.id })
  expect((await refusal(stripe.refunds.create({ charge: charge?.id ?? '' }))).code).toBe('charge_disputed')
  await control(url, 'disputes', { disputeId: opened.id, outcome: 'lost' })
  expect((await stripe.disputes.list({ limit: 1 })).data).toMatchObject([
    { id: opened.id, status: 'lost', charge: charge?.id },
  ])
  const told = (await stripe.events.list({ limit: 2 })).data
  expect(told.map(({ type }) => type)).toEqual(['charge.dispute.closed', 'charge.dispute.created'])
})

test('a subscription names its invoice, and the invoice its payment', async () => {
  const { stripe } = running
  const customer = await makePayer(stripe)
  const made = await stripe.subscriptions.create({
    ...subscriptionOf(customer, plans.supporter),
    expand: ['latest_invoice.payments', 'customer', 'default_payment_method'],
  })
  const invoice = made.latest_invoice as Stripe.Invoice
  expect(made.customer).toMatchObject({ email: 'ada@example.test' })
  expect(invoice.parent).toMatchObject({ subscription_details: { subscription: made.id } })
  expect(invoice.lines.data[0]).toMatchObject({
    pricing: { price_details: { price: plans.supporter.id } },
    parent: { subscription_item_details: { subscription: made.id, subscription_item: made.items.data[0]?.id } },
    period: { start: made.start_date, end: made.items.data[0]?.current_period_end },
  })
  expect(invoice.number).toMatch(/^[0-9A-Z]{8}-0001$/)
  expect(invoice.payments?.data).toMatchObject([{ invoice: invoice.id, status: 'paid', amount_paid: 500 }])
  expect((await refusal(stripe.subscriptions.retrieve(made.id, { expand: ['nothing'] }))).message).toContain(
    'cannot be expanded',
  )
})
