import { expect, test } from '@jest/globals'
import type Stripe from 'stripe'
import { cardFields, makePayer, moveDays, startWithPlans, submit, subscriptionOf } from './test-payments.ts'

const { running, plans } = await startWithPlans()

const success = 'http://localhost:8000/account/?session={CHECKOUT_SESSION_ID}'

async function open(more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { id: customer } = await running.stripe.customers.create({ email: 'ada@example.test', name: 'Ada King' })
  const session = await running.stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price: plans.supporter.id, quantity: 1 }],
    success_url: success,
    cancel_url: 'http://localhost:8000/plans/',
    client_reference_id: 'member-7',
    metadata: { member: '7' },
    ...more,
  })
  const page = `${running.url}/c/pay/${session.id}`
  return {
    session,
    page,
    seen: (expand?: string[]) => running.stripe.checkout.sessions.retrieve(session.id, expand ? { expand } : {}),
  }
}

const get = async (address: string) => {
  const response = await fetch(address)
  return { status: response.status, html: await response.text(), headers: response.headers }
}
const countOf = async (customer: unknown) =>
  (await running.stripe.subscriptions.list({ customer: String(customer), status: 'all' })).data.length

test('the page says what is bought, and lets no script in', async () => {
  const { session, page } = await open({ line_items: [{ price: plans.patronYearly.id }] })
  expect(session.url).toBe(page.replace('127.0.0.1', 'localhost'))
  const { html, headers } = await get(page)
  for (const text of [
    'Patron yearly',
    '$150.00',
    '/ year',
    'Subscribe',
    'http://localhost:8000/plans/',
    '4242 4242 4242 4242',
  ])
    expect(html).toContain(text)
  expect(html).not.toContain('<script')
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-.+form-action 'self' http:\/\/localhost:8000;/,
  )
  expect(html.match(/<label for="(\w+)"/g)).toHaveLength(4)
})

test('a card that pays makes a subscription', async () => {
  const { session, page, seen } = await open()
  const { status, location } = await submit(page, cardFields('4242 4242 4242 4242'))
  expect([status, location]).toEqual([303, success.replace('{CHECKOUT_SESSION_ID}', session.id)])
  const done = await seen(['customer', 'subscription.default_payment_method', 'invoice'])
  expect(done).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    url: null,
    client_reference_id: 'member-7',
    customer: { email: 'ada@example.test', name: 'Ada King' },
    subscription: { status: 'active', default_payment_method: { card: { last4: '4242' } } },
    invoice: { status: 'paid', amount_paid: 500 },
  })
  const [last] = (await running.stripe.events.list({ limit: 1 })).data
  expect(last).toMatchObject({
    type: 'checkout.session.completed',
    data: { object: { id: session.id, metadata: { member: '7' } } },
  })
  expect((await get(page)).html).toContain('Already paid')
})

test('two submits at once make one subscription', async () => {
  const customer = await running.stripe.customers.create({ email: 'twice@example.test' })
  const { page } = await open({ customer: customer.id })
  const answers = await Promise.all([
    submit(page, cardFields()),
    submit(page, cardFields()),
    submit(page, cardFields()),
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 303])
  expect(await countOf(customer.id)).toBe(1)
})

test.each([
  ['4000000000000002', 402, 'Your card was declined.'],
  ['4000 0000 0000 9995', 402, 'Your card has insufficient funds.'],
  ['4111111111111111', 400, 'not one of the test cards'],
])('card %s is refused: %i %s', async (number, status, text) => {
  const customer = await running.stripe.customers.create({})
  const { page, seen } = await open({ customer: customer.id })
  const answer = await submit(page, { ...cardFields(number), name: 'Ada "<b>" King' })
  expect(answer.status).toBe(status)
  expect(answer.html).toContain(text)
  expect(answer.html).toContain(`value="${number}"`)
  expect(answer.html).toContain('value="Ada &quot;&lt;b&gt;&quot; King"')
  expect((await seen()).status).toBe('open')
  expect(await countOf(customer.id)).toBe(0)
})

test.each([
  ['expiry', '01/20', 'expired'],
  ['expiry', '13/40', 'not a month'],
  ['cvc', '1', 'three or four digits'],
])('%s %s is refused', async (field, value, text) => {
  const { page } = await open()
  const answer = await submit(page, { ...cardFields(), [field]: value })
  expect([answer.status, answer.html.includes(text)]).toEqual([400, true])
})

test('a card that asks is confirmed in between, and pays at renewal', async () => {
  const customer = await running.stripe.customers.create({})
  const { page } = await open({ customer: customer.id })
  const failing = await submit(page, cardFields('4000002500003155'))
  expect(failing.location).toMatch(/^\/confirm\/auth_\w{32}$/)
  const failed = await submit(running.url + failing.location, { outcome: 'fail' })
  expect([failed.status, failed.html.includes('unable to authenticate')]).toEqual([402, true])
  expect(await countOf(customer.id)).toBe(0)
  const asked = await submit(page, cardFields('4000002500003155'))
  expect((await get(running.url + asked.location)).html).toContain('Complete authentication')
  const done = await submit(running.url + asked.location, { outcome: 'complete' })
  expect([done.status, done.location.startsWith('http://localhost:8000/')]).toEqual([303, true])
  expect((await submit(running.url + asked.location, { outcome: 'complete' })).status).toBe(410)
  await moveDays(running.url, 32)
  expect((await running.stripe.subscriptions.list({ customer: customer.id })).data).toMatchObject([
    { status: 'active' },
  ])
  expect((await running.stripe.invoices.list({ customer: customer.id, status: 'paid' })).data).toHaveLength(2)
})

test('card 0341 pays now and fails at renewal; the portal puts it right', async () => {
  const customer = await running.stripe.customers.create({ email: 'late@example.test' })
  const { page } = await open({ customer: customer.id })
  await submit(page, cardFields('4000000000000341'))
  await moveDays(running.url, 32)
  expect((await running.stripe.subscriptions.list({ customer: customer.id })).data).toMatchObject([
    { status: 'past_due' },
  ])
  const portal = await running.stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: 'http://localhost:8000/account/',
    flow_data: {
      type: 'payment_method_update',
      after_completion: { type: 'redirect', redirect: { return_url: 'http://localhost:8000/account/?card' } },
    },
  })
  const address = portal.url.replace('localhost', '127.0.0.1')
  expect((await get(address)).html).toContain('Save card')
  expect((await submit(`${address}/card`, cardFields('4000000000000002'))).status).toBe(402)
  const changed = await submit(`${address}/card`, cardFields())
  expect([changed.status, changed.location]).toEqual([303, 'http://localhost:8000/account/?card'])
  const [subscription] = (
    await running.stripe.subscriptions.list({ customer: customer.id, expand: ['data.default_payment_method'] })
  ).data
  expect(subscription).toMatchObject({ status: 'active', default_payment_method: { card: { last4: '4242' } } })
})

test.each([
  ['20% off for 3 months', { percent_off: 20, duration: 'repeating', duration_in_months: 3 }, '−$1.00'],
  ['20% off for 1 month', { percent_off: 20, duration: 'repeating', duration_in_months: 1 }, '−$1.00'],
  ['$1.50 off once', { amount_off: 150, currency: 'usd', duration: 'once' }, '−$1.50'],
  ['12.5% off forever', { percent_off: 12.5, duration: 'forever' }, '−$0.63'],
] as const)('the page says of a code: %s', async (words, fields, amount) => {
  const coupon = await running.stripe.coupons.create(fields)
  const code = words.replace(/\W/g, '-')
  await running.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code })
  const { page, seen } = await open({ allow_promotion_codes: true })
  const { html } = await submit(page, { ...cardFields(), do: 'code', code })
  expect(html).toContain(`<dt>${words}</dt><dd>${amount}</dd>`)
  expect(html).toContain(`<strong>$${(((await seen()).amount_total ?? 0) / 100).toFixed(2)}</strong>`)
})

test('a promotion code makes it cheaper, and keeps what was typed', async () => {
  const { stripe } = running
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const { page, seen } = await open({ allow_promotion_codes: true })
  const wrong = await submit(page, { ...cardFields(), do: 'code', code: 'NOPE' })
  expect([wrong.status, wrong.html.includes('This code is invalid.')]).toEqual([400, true])
  const right = await submit(page, { ...cardFields(), do: 'code', code: 'half' })
  expect(right.html).toContain('$2.50')
  expect(right.html).toContain('value="4242424242424242"')
  await submit(page, cardFields())
  const done = await seen(['invoice', 'subscription'])
  expect(done).toMatchObject({ amount_total: 250, total_details: { amount_discount: 250 }, invoice: { total: 250 } })
  const [period] = (done.subscription as Stripe.Subscription).items.data
  await moveDays(running.url, 32)
  const [renewal] = (await stripe.invoices.list({ subscription: period?.subscription ?? '', limit: 1 })).data
  expect(renewal).toMatchObject({ total: 500 })
})

test('a trial is free today, and says until when', async () => {
  const { page, seen } = await open({ subscription_data: { trial_period_days: 14 } })
  const { html } = await get(page)
  expect(html).toContain('Free for 14 days')
  expect(html).toContain('$0.00')
  await submit(page, cardFields())
  expect(await seen(['subscription'])).toMatchObject({
    payment_status: 'no_payment_required',
    subscription: { status: 'trialing' },
  })
})

test('a session expires after a day, or when it is told to', async () => {
  const late = await open()
  await moveDays(running.url, 1.01)
  expect(await late.seen()).toMatchObject({ status: 'expired', url: null })
  const [event] = (await running.stripe.events.list({ type: 'checkout.session.expired', limit: 1 })).data
  expect(event?.created).toBe(late.session.expires_at)
  const answer = await submit(late.page, cardFields())
  expect([answer.status, answer.html.includes('has expired')]).toEqual([410, true])
  const told = await open()
  expect(await running.stripe.checkout.sessions.expire(told.session.id)).toMatchObject({ status: 'expired' })
  expect((await get(told.page)).html).toContain('http://localhost:8000/plans/')
  await expect(running.stripe.checkout.sessions.expire(told.session.id)).rejects.toMatchObject({ statusCode: 400 })
})

test('in the portal a plan is canceled and kept', async () => {
  const { stripe } = running
  const payer = await makePayer(stripe)
  const made = await stripe.subscriptions.create(subscriptionOf(payer, plans.supporter))
  const portal = await stripe.billingPortal.sessions.create({
    customer: payer.id,
    return_url: 'http://localhost:8000/account/',
  })
  const address = portal.url.replace('localhost', '127.0.0.1')
  const home = (await get(address)).html
  for (const text of ['Supporter', '$5.00', 'Next payment', 'ending in 4242', '/i/', 'http://localhost:8000/account/'])
    expect(home).toContain(text)
  const fields = { subscription: made.id }
  expect((await get(`${address}?show=cancel&subscription=${made.id}`)).html).toContain('stays active until')
  expect((await submit(`${address}/cancel`, fields)).location).toBe(`/p/session/${portal.id}?done=cancel`)
  expect((await get(`${address}?done=cancel`)).html).toContain('Keep plan')
  expect((await stripe.subscriptions.retrieve(made.id)).cancel_at_period_end).toBe(true)
  await submit(`${address}/keep`, fields)
  expect((await stripe.subscriptions.retrieve(made.id)).cancel_at_period_end).toBe(false)
  const other = await stripe.subscriptions.create(subscriptionOf(await makePayer(stripe), plans.supporter))
  await submit(`${address}/cancel`, { subscription: other.id })
  expect((await stripe.subscriptions.retrieve(other.id)).cancel_at_period_end).toBe(false)
  expect((await get(`${running.url}/p/session/bps_guessed`)).status).toBe(410)
})

test('an open invoice is paid on its page, once', async () => {
  const { stripe } = running
  const payer = await makePayer(stripe, 'pm_card_chargeCustomerFail')
  const made = await stripe.subscriptions.create({
    ...subscriptionOf(payer, plans.supporter),
    expand: ['latest_invoice'],
  })
  expect(made.status).toBe('incomplete')
  const invoice = made.latest_invoice as Stripe.Invoice
  const address = (invoice.hosted_invoice_url ?? '').replace('localhost', '127.0.0.1')
  expect((await get(address)).html).toContain('Not paid yet')
  const answers = await Promise.all([submit(address, cardFields()), submit(address, cardFields())])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 303])
  expect((await get(address)).html).toContain('Receipt')
  expect((await get((invoice.invoice_pdf ?? '').replace('localhost', '127.0.0.1'))).status).toBe(200)
  expect((await stripe.subscriptions.retrieve(made.id)).status).toBe('active')
  expect((await stripe.charges.list({ customer: String(made.customer) })).data.filter((one) => one.paid)).toHaveLength(
    1,
  )
})
