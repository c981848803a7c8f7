import { expect, test } from '@jest/globals'
import { lifeOf, typesOf } from './test-life.ts'
import {
  cardFields,
  daySeconds,
  itemOf,
  makePayer,
  moveDays,
  moveTo,
  refusal,
  startWithPlans,
  submit,
} from './test-payments.ts'

const { running, plans } = await startWithPlans()

const { subscribe, seen, reach, lastEvent, toldAbout, changeCard } = lifeOf(running)

test('begins with an invoice, and tells it in order', async () => {
  const before = await lastEvent()
  const made = await subscribe(plans.supporter, { expand: ['latest_invoice'] })
  expect(made.status).toBe('active')
  expect(made.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 500, billing_reason: 'subscription_create' })
  const told = await toldAbout(String(made.customer), before)
  expect(typesOf(told).slice(2)).toEqual([
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.paid',
    'invoice.payment_succeeded',
    'customer.subscription.updated',
  ])
  expect(told.at(-1)?.data).toMatchObject({
    object: { status: 'active' },
    previous_attributes: { status: 'incomplete' },
  })
})

test('trial, active, failed renewal, retry with a new card', async () => {
  const { stripe, url } = running
  const { id: customer } = await makePayer(stripe)
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price: plans.supporter.id }],
    subscription_data: { trial_period_days: 14 },
    success_url: 'http://localhost:8000/done',
  })
  await submit(`${url}/c/pay/${session.id}`, cardFields())
  const [made] = (await stripe.subscriptions.list({ customer })).data
  if (!made) throw new Error('nothing was bought')
  expect([made.status, made.trial_end]).toEqual(['trialing', made.created + 14 * daySeconds])
  await moveDays(running.url, 15)
  const active = await seen(made.id)
  expect([active.status, itemOf(active).current_period_start]).toEqual(['active', made.trial_end])
  const about = await toldAbout(made.id, undefined)
  const warned = about.find(({ type }) => type === 'customer.subscription.trial_will_end')
  expect(warned?.created).toBe(made.created + 11 * daySeconds)

  await changeCard(made, 'pm_card_chargeCustomerFail')
  const due = itemOf(active).current_period_end
  const before = await lastEvent()
  await reach(due)
  const late = await seen(made.id, ['latest_invoice'])
  expect([late.status, itemOf(late).current_period_start]).toEqual(['past_due', due])
  expect(late.latest_invoice).toMatchObject({
    status: 'open',
    attempt_count: 1,
    next_payment_attempt: due + 3 * daySeconds,
  })
  const told = await toldAbout(String(made.customer), before)
  expect(told.map(({ type, created }) => [type, created])).toEqual(
    [
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'customer.subscription.updated',
    ].map((type) => [type, due]),
  )
  await reach(due + 3 * daySeconds)
  expect((await seen(made.id)).status).toBe('past_due')
  await changeCard(made, 'pm_card_visa')
  await reach(due + 8 * daySeconds)
  expect((await seen(made.id, ['latest_invoice'])).latest_invoice).toMatchObject({ status: 'paid', attempt_count: 3 })
  expect((await seen(made.id)).status).toBe('active')
})

test('the last retry fails, and it ends', async () => {
  const made = await subscribe(plans.supporter)
  await changeCard(made, 'pm_card_chargeCustomerFail')
  const due = itemOf(made).current_period_end
  const before = await lastEvent()
  await reach(due + 16 * daySeconds)
  const ended = await seen(made.id, ['latest_invoice'])
  expect(ended).toMatchObject({
    status: 'canceled',
    ended_at: due + 15 * daySeconds,
    cancellation_details: { reason: 'payment_failed' },
    latest_invoice: { status: 'open', attempt_count: 4, next_payment_attempt: null },
  })
  const told = await toldAbout(made.id, before)
  expect(
    told.filter(({ type }) => type === 'invoice.payment_failed').map(({ created }) => (created - due) / daySeconds),
  ).toEqual([0, 3, 8, 15])
  expect(told.at(-1)?.type).toBe('customer.subscription.deleted')
})

test('canceled at the end of its period, or kept', async () => {
  const { stripe } = running
  const made = await subscribe(plans.supporter)
  const end = itemOf(made).current_period_end
  const ending = await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })
  expect(ending).toMatchObject({ status: 'active', cancel_at: end, cancel_at_period_end: true })
  expect(await stripe.subscriptions.update(made.id, { cancel_at_period_end: false })).toMatchObject({
    cancel_at: null,
    canceled_at: null,
  })
  await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })
  await reach(end)
  const ended = await seen(made.id)
  expect(ended).toMatchObject({
    status: 'canceled',
    ended_at: end,
    cancellation_details: { reason: 'cancellation_requested' },
  })
  expect((await stripe.subscriptions.list({ customer: String(made.customer) })).data).toEqual([])
  expect((await stripe.subscriptions.list({ customer: String(made.customer), status: 'all' })).data).toHaveLength(1)
  expect((await refusal(stripe.subscriptions.update(made.id, { cancel_at_period_end: false }))).statusCode).toBe(400)
})

test('canceled at once', async () => {
  const made = await subscribe(plans.supporter)
  const ended = await running.stripe.subscriptions.cancel(made.id)
  expect(ended).toMatchObject({ status: 'canceled', cancellation_details: { reason: 'cancellation_requested' } })
  expect(ended.ended_at).toBeGreaterThanOrEqual(made.created)
})

test('from 31 January to 28 February to 31 March', async () => {
  const year = new Date(Date.now() + 4 * 365 * daySeconds * 1000).getUTCFullYear()
  await moveTo(running.url, `${year}-01-31T10:00:00Z`)
  const made = await subscribe(plans.supporter)
  const ends: string[] = []
  for (let period = 0; period < 3; period += 1) {
    const end = itemOf(await seen(made.id)).current_period_end
    ends.push(new Date(end * 1000).toISOString().slice(5, 10))
    await reach(end)
  }
  const february = new Date(Date.UTC(year, 2, 0)).getUTCDate()
  expect(ends).toEqual([`02-${february}`, '03-31', '04-30'])
})

test('an unpaid subscription expires', async () => {
  const made = await subscribe(plans.supporter, {}, 'pm_card_authenticationRequired')
  expect(made.status).toBe('incomplete')
  const told = await toldAbout(made.id, undefined)
  expect(typesOf(told)).toContain('invoice.payment_action_required')
  await moveDays(running.url, 1)
  expect((await seen(made.id)).status).toBe('incomplete_expired')
})

test('a customer who is deleted is answered as deleted, and the subscriptions end', async () => {
  const { stripe } = running
  const made = await subscribe(plans.supporter)
  const customer = String(made.customer)
  const before = await lastEvent()
  expect(await stripe.customers.del(customer)).toMatchObject({ id: customer, object: 'customer', deleted: true })
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ id: customer, object: 'customer', deleted: true })
  expect(await seen(made.id)).toMatchObject({ status: 'canceled', customer })
  expect((await stripe.invoices.list({ customer })).data).toHaveLength(1)
  expect(typesOf(await toldAbout(customer, before))).toEqual(['customer.subscription.deleted', 'customer.deleted'])
  expect((await stripe.customers.list({ limit: 100 })).data.map(({ id }) => id)).not.toContain(customer)
  const gone = { statusCode: 404, code: 'resource_missing', message: `No such customer: '${customer}'` }
  expect(await refusal(stripe.customers.del(customer))).toMatchObject(gone)
  const portal = { customer, return_url: 'http://localhost:8000/' }
  expect(await refusal(stripe.billingPortal.sessions.create(portal))).toMatchObject({ ...gone, statusCode: 400 })
})
