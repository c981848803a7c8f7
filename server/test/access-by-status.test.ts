import { beforeAll, expect, test } from '@jest/globals'
import { createClock } from '../src/lib/clock.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, type MadeArticle } from './support/factories.ts'
import {
  charge,
  dispute,
  event,
  id,
  invoice,
  invoicePayment,
  seconds,
  subscription,
} from './support/provider-events.ts'
import { deliver, makeCustomer, makePricedPlan, type PricedPlan } from './support/webhooks.ts'

// Rows D03 to D08 of docs/threats.md: after an event about a subscription, the next request with an old token gets the new access.

const day = 86_400
let ahead = 0
const app = await startTestApp({ clock: createClock(() => ahead) })
const { db, issuer } = app
/** Each reading of this clock is a second later than the previous one. */
let nextReading = 0
const hastyClock = { ...createClock(), business: () => new Date((nextReading += 1000) - 1000) }
const hasty = await startTestApp({ beside: app, clock: hastyClock })

let supporter: PricedPlan
let patron: PricedPlan
let forSupporters: MadeArticle
let forPatrons: MadeArticle
beforeAll(async () => {
  supporter = await makePricedPlan(db)
  patron = await makePricedPlan(db, { monthly: 1200, includes: [supporter.id] })
  forSupporters = await makeArticle(db, { visibility: 'PLANS', planIds: [supporter.id] })
  forPatrons = await makeArticle(db, { visibility: 'PLANS', planIds: [patron.id] })
})

/** Creates a member who has paid for a month, and functions that send events about the subscription. */
async function payer(plan: PricedPlan = supporter) {
  ahead = 0
  const { member, customer } = await makeCustomer(db, issuer.url)
  const start = seconds(new Date()) - day
  const month = start + 30 * day
  const [subscriptionId, payment] = [id('sub'), id('pi')]
  let createdAt = start
  const snapshot = (fields: Record<string, unknown> = {}) =>
    subscription({ id: subscriptionId, customer, price: plan.price, start, periodEnd: month, ...fields })
  const tell = async (type: string, object: Record<string, unknown>) => {
    createdAt += 60
    const { status, text } = await deliver(app, event(type, object, { created: createdAt }))
    expect({ type, status }).toEqual({ type, status: 200 })
    return (JSON.parse(text) as { outcome: string }).outcome
  }
  const bill = { id: id('in'), customer, subscription: subscriptionId, start, end: month }
  await tell('customer.subscription.created', snapshot())
  await tell('invoice.paid', invoice(bill))
  await tell('invoice_payment.paid', invoicePayment(bill.id, payment))
  // All requests use the same token, which does not contain the access.
  return { customer, payment, month, tell, snapshot, token: issuer.sign({ sub: member.subject }) }
}
type Payer = Awaited<ReturnType<typeof payer>>

/** Returns 'text' if the reader gets the body, or else the reason. */
async function read({ token }: Pick<Payer, 'token'>, { slug, html }: MadeArticle = forSupporters): Promise<string> {
  const query = 'query ($slug: String!) { article(slug: $slug) { body { html } access { reason } } }'
  const { data, errors } = await app.ask(query, { token, variables: { slug } })
  const { body, access } = data.article
  if (body !== null) {
    expect([body.html, errors]).toEqual([html, undefined])
    return 'text'
  }
  expect(errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_REQUIRED', reason: access.reason } }])
  return access.reason as string
}

const to = (instant: number): void => void (ahead = instant * 1000 - Date.now())

test('D03 a cancelled membership is open until the period ends', async () => {
  const reader = await payer()
  await reader.tell('customer.subscription.updated', reader.snapshot({ cancel_at_period_end: true }))
  expect(await read(reader)).toBe('text')
  to(reader.month - 60)
  expect(await read(reader)).toBe('text')
  to(reader.month)
  expect(await read(reader)).toBe('PLAN_EXPIRED')
})

test.each<[string, (reader: Payer) => Promise<unknown>, string]>([
  [
    'cancelled now',
    ({ tell, snapshot }) =>
      tell('customer.subscription.deleted', snapshot({ status: 'canceled', ended_at: seconds(new Date()) })),
    'PLAN_EXPIRED',
  ],
  [
    'refunded in full',
    ({ tell, customer, payment }) => tell('charge.refunded', charge(customer, payment, 500, 500)),
    'PLAN_EXPIRED',
  ],
  [
    'a dispute that is lost',
    ({ tell, payment }) => tell('charge.dispute.closed', dispute(payment, 'lost')),
    'PLAN_EXPIRED',
  ],
  [
    'refunded in part',
    ({ tell, customer, payment }) => tell('charge.refunded', charge(customer, payment, 500, 499)),
    'text',
  ],
  ['a dispute that is won', ({ tell, payment }) => tell('charge.dispute.closed', dispute(payment, 'won')), 'text'],
  [
    'a dispute that is opened',
    ({ tell, payment }) => tell('charge.dispute.created', dispute(payment, 'needs_response')),
    'text',
  ],
])('D04 %s takes effect with the next query', async (_title, happens, then) => {
  const reader = await payer()
  expect(await read(reader)).toBe('text')
  await happens(reader)
  expect(await read(reader)).toBe(then)
})

test('D05 past due is open during the grace period, then locked', async () => {
  const reader = await payer()
  const next = { periodStart: reader.month, periodEnd: reader.month + 30 * day, status: 'past_due' }
  to(reader.month + 60)
  await reader.tell('customer.subscription.updated', reader.snapshot(next))
  expect(await read(reader)).toBe('text')
  to(reader.month + 7 * day - 60)
  expect(await read(reader)).toBe('text')
  to(reader.month + 7 * day)
  expect(await read(reader)).toBe('PAYMENT_PAST_DUE')
})

test.each([
  ['unpaid', 'PAYMENT_PAST_DUE'],
  ['incomplete', 'PLAN_REQUIRED'],
  ['incomplete_expired', 'PLAN_REQUIRED'],
  ['paused', 'PLAN_EXPIRED'],
  ['frozen_by_nobody_knows_what', 'PLAN_EXPIRED'],
])('D06 a subscription that is %s is locked: %s', async (status, reason) => {
  const { member, customer } = await makeCustomer(db, issuer.url)
  ahead = 0
  const start = seconds(new Date()) - day
  const object = subscription({
    id: id('sub'),
    customer,
    price: supporter.price,
    start,
    periodEnd: start + 30 * day,
    status,
  })
  await deliver(app, event('customer.subscription.created', object, { created: start }))
  expect(await read({ token: issuer.sign({ sub: member.subject }) })).toBe(reason)
})

test('D07 an upgrade opens and a downgrade locks with the next request', async () => {
  const reader = await payer()
  expect([await read(reader), await read(reader, forPatrons)]).toEqual(['text', 'PLAN_REQUIRED'])
  await reader.tell('customer.subscription.updated', reader.snapshot({ price: patron.price }))
  expect([await read(reader), await read(reader, forPatrons)]).toEqual(['text', 'text'])
  await reader.tell('customer.subscription.updated', reader.snapshot())
  expect([await read(reader), await read(reader, forPatrons)]).toEqual(['text', 'PLAN_REQUIRED'])
})

test('D08 the live one of two subscriptions opens, in any order of events', async () => {
  const reader = await payer(patron)
  const over = { status: 'canceled', ended_at: seconds(new Date()) - 60 }
  await reader.tell('customer.subscription.deleted', reader.snapshot(over))
  expect(await read(reader, forPatrons)).toBe('PLAN_EXPIRED')
  await reader.tell('customer.subscription.created', reader.snapshot({ id: id('sub') }))
  expect(await read(reader, forPatrons)).toBe('text')
  await reader.tell('customer.subscription.deleted', reader.snapshot({ ...over, id: id('sub') }))
  expect(await read(reader, forPatrons)).toBe('text')
})

test('D01 all fields of a request are judged at one instant', async () => {
  const reader = await payer()
  await reader.tell('customer.subscription.updated', reader.snapshot({ cancel_at_period_end: true }))
  const fields = Array.from(
    { length: 10 },
    (_, index) => `a${index}: article(slug: "${forSupporters.slug}") { access { granted } }`,
  )
  nextReading = reader.month * 1000 - 1
  const { data } = await hasty.ask(`{ ${fields.join(' ')} }`, { token: reader.token })
  const granted = Object.values(data as Record<string, { access: { granted: boolean } }>).map(
    ({ access }) => access.granted,
  )
  expect(granted).toEqual(fields.map(() => true))
  expect(nextReading).toBeGreaterThan(reader.month * 1000)
})
