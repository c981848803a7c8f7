import { expect, test } from '@jest/globals'
import type Stripe from 'stripe'
import { lifeOf, typesOf } from './test-life.ts'
import { daySeconds, itemOf, moveDays, refusal, startWithPlans } from './test-payments.ts'

const { running, plans } = await startWithPlans()

const { subscribe, seen, reach, lastEvent, toldAbout, changeCard } = lifeOf(running)

test('an upgrade costs what it was said to cost, by the second', async () => {
  const { stripe } = running
  const made = await subscribe(plans.supporter)
  const { id, current_period_start: start, current_period_end: end } = itemOf(made)
  await reach(Math.floor((start + end) / 2))
  const items = [{ id, price: plans.patron.id }]
  const preview = await stripe.invoices.createPreview({
    customer: String(made.customer),
    subscription: made.id,
    subscription_details: { items, proration_behavior: 'always_invoice' },
  })
  expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-250, 750])
  const before = await lastEvent()
  const changed = await stripe.subscriptions.update(made.id, {
    items,
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
    expand: ['latest_invoice'],
  })
  expect(changed.latest_invoice).toMatchObject({
    total: preview.total,
    amount_paid: 500,
    billing_reason: 'subscription_update',
  })
  expect([itemOf(changed).price.id, itemOf(changed).current_period_end]).toEqual([plans.patron.id, end])
  const [told] = await toldAbout(made.id, before)
  expect(told).toMatchObject({ type: 'customer.subscription.updated' })
  await reach(end)
  expect((await seen(made.id, ['latest_invoice'])).latest_invoice).toMatchObject({ total: 1500, status: 'paid' })
})

test('an upgrade that is declined changes nothing', async () => {
  const { stripe } = running
  const made = await subscribe(plans.supporter)
  await changeCard(made, 'pm_card_chargeCustomerFail')
  const before = await lastEvent()
  const items = [{ id: itemOf(made).id, price: plans.patron.id }]
  const update = { items, proration_behavior: 'always_invoice', payment_behavior: 'error_if_incomplete' } as const
  const error = await refusal(stripe.subscriptions.update(made.id, update))
  expect([error.statusCode, error.code, error.decline_code]).toEqual([402, 'card_declined', 'generic_decline'])
  expect(await seen(made.id)).toEqual(
    expect.objectContaining({ status: 'active', latest_invoice: made.latest_invoice }),
  )
  expect((await lastEvent())?.id).toBe(before?.id)
  const { payment_behavior: _, ...lenient } = update
  const late = await stripe.subscriptions.update(made.id, lenient)
  expect([late.status, itemOf(late).price.id]).toEqual(['past_due', plans.patron.id])
})

test('a change of interval begins a new period', async () => {
  const made = await subscribe(plans.patron)
  await moveDays(running.url, 10)
  const changed = await running.stripe.subscriptions.update(made.id, {
    items: [{ id: itemOf(made).id, price: plans.patronYearly.id }],
    expand: ['latest_invoice'],
  })
  const { current_period_start: start, current_period_end: end } = itemOf(changed)
  expect(changed.billing_cycle_anchor).toBe(start)
  expect(Math.round((end - start) / daySeconds)).toBeGreaterThanOrEqual(365)
  const [credit, charge] = (changed.latest_invoice as Stripe.Invoice).lines.data
  expect(credit?.amount).toBeLessThan(-900)
  expect(charge?.amount).toBe(15_000)
})

test('prorations wait for the next invoice, and a credit for a later one', async () => {
  const { stripe } = running
  const made = await subscribe(plans.patron)
  const { id, current_period_start: start, current_period_end: end } = itemOf(made)
  await reach(Math.floor((start + end) / 2))
  await stripe.subscriptions.update(made.id, { items: [{ id, price: plans.supporter.id }] })
  await reach(end)
  const invoice = (await seen(made.id, ['latest_invoice'])).latest_invoice as Stripe.Invoice
  expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-750, 250, 500])
  expect(invoice).toMatchObject({ total: 0, status: 'paid', amount_due: 0 })
  await stripe.subscriptions.update(made.id, { items: [{ id, price: plans.patron.id }], proration_behavior: 'none' })
  const down = { items: [{ id, price: plans.supporter.id }], proration_behavior: 'always_invoice' as const }
  const credited = await stripe.subscriptions.update(made.id, { ...down, expand: ['latest_invoice', 'customer'] })
  expect((credited.customer as Stripe.Customer).balance).toBeLessThanOrEqual(0)
})

test('a schedule brings a downgrade at the turn of the period', async () => {
  const { stripe } = running
  const made = await subscribe(plans.patron)
  const { id, current_period_start: start, current_period_end: end } = itemOf(made)
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: made.id })
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    phases: [
      { items: [{ price: plans.patron.id, quantity: 1 }], start_date: start, end_date: end },
      {
        items: [{ price: plans.supporter.id, quantity: 1 }],
        proration_behavior: 'none',
        duration: { interval: 'month' },
      },
    ],
  })
  expect((await seen(made.id, ['schedule'])).schedule).toMatchObject({ id: schedule.id, status: 'active' })
  const customer = String(made.customer)
  expect(await stripe.invoices.createPreview({ customer, schedule: schedule.id })).toMatchObject({ total: 500 })
  const both = { customer, schedule: schedule.id, subscription: made.id }
  expect(await refusal(stripe.invoices.createPreview(both))).toMatchObject({ statusCode: 400, param: 'schedule' })
  const managed = await refusal(stripe.subscriptions.update(made.id, { cancel_at_period_end: true }))
  expect(managed.message).toContain(schedule.id)
  expect(
    (await refusal(stripe.subscriptions.update(made.id, { items: [{ id, price: plans.supporter.id }] }))).statusCode,
  ).toBe(400)
  const before = await lastEvent()
  await reach(end)
  const turned = await seen(made.id, ['latest_invoice'])
  expect(itemOf(turned)).toMatchObject({ price: { id: plans.supporter.id }, current_period_start: end })
  expect(turned.latest_invoice).toMatchObject({ total: 500, status: 'paid' })
  const told = await toldAbout(made.id, before)
  expect(typesOf(told).slice(0, 3)).toEqual([
    'subscription_schedule.updated',
    'customer.subscription.updated',
    'invoice.created',
  ])
  expect(told[1]?.data.previous_attributes).toMatchObject({ items: { data: [{ price: { id: plans.patron.id } }] } })
  await reach(itemOf(turned).current_period_end)
  expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
    status: 'released',
    released_subscription: made.id,
  })
  expect(await seen(made.id)).toMatchObject({ status: 'active', schedule: null })
})

test('a schedule is released, and the plan stays', async () => {
  const { stripe } = running
  const made = await subscribe(plans.patron)
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: made.id })
  expect((await seen(made.id)).schedule).toBe(schedule.id)
  await stripe.subscriptionSchedules.release(schedule.id)
  expect((await seen(made.id)).schedule).toBeNull()
  expect((await refusal(stripe.subscriptionSchedules.release(schedule.id))).statusCode).toBe(400)
})
