import { beforeAll, expect, test } from '@jest/globals'
import { differences, receiveEvent, replayLedger } from '../src/billing/index.ts'
import type { MadePlan } from './support/factories.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { eventually } from './support/eventually.ts'
import { startBillingApp, subscribe, type Buyer } from './support/billing-app.ts'
import { heldBy, makeCustomer } from './support/webhooks.ts'

// Replay and reconcile repair memberships that were changed without the ledger, and add events that never arrived.

const billingApp = await startBillingApp({ runsJobs: false })
const { db, stripe } = billingApp
const day = 86_400_000
/** Only customers from this instant on belong to this file. */
const begun = new Date()
const graceMilliseconds = 7 * day

let supporter: MadePlan
let patron: MadePlan
beforeAll(async () => {
  ;[supporter, patron] = (await billingApp.sell({ monthly: 500 }, { monthly: 1200 })) as [MadePlan, MadePlan]
})

async function subscriber() {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, supporter.slug)
  await billingApp.holdWebhooks(false)
  const found = { where: { membership: { memberId: buyer.id } } }
  const { subscriptionId, customerId, membershipId } = await db.billingSubscription.findFirstOrThrow(found)
  return { buyer, subscriptionId, customerId, membershipId }
}

const replay = (since: Date) =>
  replayLedger(db, { since, graceMilliseconds, livemode: false, now: billingApp.clock.business(), wallNow: new Date() })
const history = (memberId: string) => db.membershipChange.findMany({ where: { memberId }, orderBy: { id: 'asc' } })
const alter = (membershipId: string, fields: object) =>
  db.membership.update({
    where: { id: membershipId },
    data: { ...fields, changedAt: billingApp.clock.business(), changeCause: 'by hand' },
  })
const receive = (payload: unknown) =>
  receiveEvent(db, payload, {
    graceMilliseconds,
    livemode: false,
    receivedAt: new Date(),
    now: billingApp.clock.business(),
  })

/** Returns the differences of a test's own customers, because the database may contain those of other tests. */
async function differing(
  of: string,
  { since = new Date(0), provider = stripe, manyGone = false, businessNow = () => billingApp.clock.business() } = {},
) {
  const clocks = { wallNow: () => new Date(), businessNow }
  const found = []
  const options = { db, stripe: provider, graceMilliseconds, livemode: false, since, manyGone, ...clocks }
  for await (const one of differences(options)) {
    if (one.what.includes(of)) found.push(one)
  }
  return found
}
const mendAll = async (of: string): Promise<void> => {
  for (const { fix } of await differing(of)) await fix()
}

test('replay does not change correct memberships', async () => {
  const { buyer } = await subscriber()
  const before = [await heldBy(db, buyer.id), await history(buyer.id)]
  expect(await replay(begun)).toMatchObject({ changes: 0 })
  expect([await heldBy(db, buyer.id), await history(buyer.id)]).toEqual(before)
})

test.each<[string, () => object]>([
  ['was ended', () => ({ status: 'ENDED', endedAt: billingApp.clock.business(), graceEndsAt: null })],
  ['runs for longer', () => ({ currentPeriodEnd: new Date('2099-01-01'), graceEndsAt: new Date('2099-01-02') })],
  ['is for another plan', () => ({ planId: patron.id })],
  ['was cancelled', () => ({ cancelAtPeriodEnd: true, graceEndsAt: null })],
])('replay and reconcile repair a membership that %s by manual SQL', async (_title, fields) => {
  const { buyer, membershipId, subscriptionId } = await subscriber()
  const right = await heldBy(db, buyer.id)
  await alter(membershipId, fields())
  expect(await heldBy(db, buyer.id)).not.toEqual(right)
  expect((await replay(begun)).changes).toBe(1)
  expect(await heldBy(db, buyer.id)).toEqual(right)
  expect((await history(buyer.id)).at(-1)).toMatchObject({ cause: 'billing:replay' })

  await alter(membershipId, fields())
  const found = await differing(subscriptionId)
  expect(found).toMatchObject([{ what: expect.stringMatching(/ is .+ here and .+ there/), fixable: true }])
  await mendAll(subscriptionId)
  expect(await heldBy(db, buyer.id)).toEqual(right)
  expect(await differing(subscriptionId)).toEqual([])
})

test('replay covers only customers with events since an instant', async () => {
  const { buyer, membershipId, customerId } = await subscriber()
  const right = await heldBy(db, buyer.id)
  const after = new Date()
  await alter(membershipId, { planId: patron.id })
  await replay(new Date(after.getTime() + 1))
  expect(await heldBy(db, buyer.id)).not.toEqual(right)
  const { receivedAt } = await db.billingEvent.findFirstOrThrow({
    where: { customerId },
    orderBy: { receivedAt: 'desc' },
  })
  expect(await replay(receivedAt)).toMatchObject({ changes: 1 })
  expect(await heldBy(db, buyer.id)).toEqual(right)
})

test('replay reports waiting events and applies them when it can', async () => {
  const { member, customer } = await makeCustomer(db, billingApp.issuer.url)
  const start = seconds(new Date())
  const price = id('price')
  const object = subscription({ id: id('sub'), customer, price, start, periodEnd: start + 30 * 86_400 })
  const created = event('customer.subscription.created', object, { created: start })
  expect(await receive(created)).toMatchObject({ outcome: 'pending' })
  const note = `the price ${price} is unknown here: run npm run billing:sync`
  expect((await replay(begun)).pending.get(created.id)).toBe(note)
  await db.billingPrice.create({
    data: {
      priceId: price,
      planId: patron.id,
      interval: 'MONTHLY',
      amountMinor: 1,
      currency: 'EUR',
      archivedAt: new Date(),
    },
  })
  const { pending, changes } = await replay(begun)
  expect([pending.get(created.id), changes]).toEqual([undefined, 1])
  expect(await heldBy(db, member.id)).toMatchObject([{ planId: patron.id, status: 'ACTIVE' }])
})

test('reconcile finds no difference in correct data', async () => {
  const { subscriptionId, customerId } = await subscriber()
  expect([...(await differing(subscriptionId)), ...(await differing(customerId))]).toEqual([])
})

/** Creates a member whose purchase was not reported. */
async function unheard(): Promise<{ buyer: Buyer; subscriptionId: string }> {
  const buyer = await billingApp.buyer()
  await billingApp.holdWebhooks(true)
  const start = `mutation { startCheckout(plan: "${supporter.slug}", interval: MONTHLY, returnTo: "/") { url } }`
  await billingApp.pay((await buyer.ask(start)).data.startCheckout.url)
  const { customerId } = await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id, goneAt: null } })
  const [found] = (await stripe.subscriptions.list({ customer: customerId })).data
  return { buyer, subscriptionId: found?.id ?? '' }
}

test('reconcile adds events that never arrived', async () => {
  const { buyer, subscriptionId } = await unheard()
  const found = await differing('never arrived')
  expect(found.map(({ what }) => what.split(' ')[0])).toEqual(
    expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'invoice_payment.paid']),
  )
  for (const { fix, fixable } of found) {
    expect(fixable).toBe(true)
    await fix()
  }
  expect(await heldBy(db, buyer.id)).toMatchObject([{ planId: supporter.id, status: 'ACTIVE' }])
  const before = await history(buyer.id)
  await billingApp.holdWebhooks(false)
  expect(await history(buyer.id)).toEqual(before)
  expect([...(await differing('never arrived')), ...(await differing(subscriptionId))]).toEqual([])
})

test('reconcile counts the events that it cannot read, by their version', async () => {
  const created = seconds(new Date())
  const older = ['invoice.paid', 'charge.refunded', 'customer.updated'].map((type) =>
    event(type, {}, { created, apiVersion: '2024-06-20' }),
  )
  const events = { list: () => older }
  const provider = Object.assign(Object.create(stripe) as typeof stripe, { events })
  expect(await differing('of API version', { provider })).toMatchObject([
    {
      what: expect.stringMatching(/^2 events that never arrived are of API version 2024-06-20, not /),
      fixable: false,
    },
  ])
  expect(await differing('of API version')).toEqual([])
})

test('reconcile finds a subscription without events at the provider', async () => {
  const { buyer, subscriptionId } = await unheard()
  // As if the events were older than thirty days.
  const since = new Date(billingApp.clock.business().getTime() + day)
  const found = await differing(subscriptionId, { since })
  expect(found).toMatchObject([{ what: `${subscriptionId}: the subscription is not stored here`, fixable: true }])
  for (const { fix } of found) await fix()
  expect(await heldBy(db, buyer.id)).toMatchObject([{ planId: supporter.id, status: 'ACTIVE' }])
  await billingApp.holdWebhooks(false)
  expect(await heldBy(db, buyer.id)).toHaveLength(1)
})

test('reconcile cancels a subscription whose payment was refunded', async () => {
  const { buyer, subscriptionId, customerId } = await subscriber()
  await billingApp.holdWebhooks(true)
  const [charge] = (await stripe.charges.list({ customer: customerId })).data
  await stripe.refunds.create({ charge: charge?.id ?? '' })
  // The event was received, and the server stopped before it cancelled.
  const refunds = await stripe.events.list({ type: 'charge.refunded', limit: 1 })
  expect(await receive(refunds.data[0])).toMatchObject({ outcome: 'applied', tasks: 1 })
  const found = await differing(subscriptionId)
  const what = `${subscriptionId}: still runs there although its payment was refunded or reversed`
  expect(found).toMatchObject([{ what, fixable: true }])
  for (const { fix } of found) await fix()
  expect((await stripe.subscriptions.retrieve(subscriptionId)).status).toBe('canceled')
  await billingApp.holdWebhooks(false)
  expect(await heldBy(db, buyer.id)).toMatchObject([{ status: 'ENDED' }])
  expect(
    await eventually(
      () => differing(subscriptionId),
      (left) => left.length === 0,
    ),
  ).toEqual([])
})

test('a second live subscription of another customer counts when the first ends', async () => {
  const { member, customer } = await makeCustomer(db, billingApp.issuer.url)
  const { priceId: price } = await db.billingPrice.findFirstOrThrow({ where: { planId: supporter.id } })
  const start = seconds(billingApp.clock.business()) - 86_400
  const about = (of: string, from: number) =>
    subscription({ id: id('sub'), customer: of, price, start: from, periodEnd: from + 30 * 86_400 })
  const first = about(customer, start)
  await receive(event('customer.subscription.created', first, { created: start }))
  await db.billingCustomer.update({ where: { customerId: customer }, data: { goneAt: new Date() } })
  const next = id('cus')
  await db.billingCustomer.create({ data: { customerId: next, memberId: member.id, createdAt: new Date() } })
  const second = event('customer.subscription.created', about(next, start + 1), { created: start + 1 })
  expect(await receive(second)).toMatchObject({ outcome: 'pending', note: expect.stringContaining('a second live') })
  const ended = { ...first, status: 'canceled', ended_at: start + 2 }
  await receive(event('customer.subscription.deleted', ended, { created: start + 2 }))
  const held = await heldBy(db, member.id)
  expect(held.map(({ status }) => status).sort()).toEqual(['ACTIVE', 'ENDED'])
  expect(await db.billingEvent.findUnique({ where: { id: second.id } })).toMatchObject({ outcome: 'APPLIED' })
})

const finding = (resources: object) => Object.assign(Object.create(stripe) as typeof stripe, resources)
const nothing = { list: () => [] }

test('with a key of another account nothing is compared', async () => {
  const provider = finding({ customers: nothing, products: nothing })
  const found = await differing('', { provider })
  expect(found).toMatchObject([
    { what: expect.stringMatching(/^STRIPE_SECRET_KEY finds none of the \d+ customers/), fixable: false },
  ])
})

test('reconcile stops if most customers are missing, unless confirmed', async () => {
  const customers = []
  for (let count = 0; count < 11; count += 1) customers.push((await makeCustomer(db, billingApp.issuer.url)).customer)
  const provider = finding({ customers: nothing })
  const gone = 'the customer no longer exists at the payment provider'
  expect(await differing(gone, { provider })).toEqual([])
  expect(await differing('That many deletions are unlikely', { provider })).toMatchObject([{ fixable: false }])
  const named = (await differing(gone, { provider, manyGone: true })).map(({ what }) => what.split(':')[0])
  expect(named).toEqual(expect.arrayContaining(customers))
})

test('reconcile counts the events that were ignored for the mode of the key', async () => {
  const { customer } = await makeCustomer(db, billingApp.issuer.url)
  const foreign = { ...event('customer.subscription.created', { customer }, { created: seconds(new Date()) }) }
  await receiveEvent(db, foreign, {
    graceMilliseconds,
    livemode: true,
    receivedAt: new Date(),
    now: billingApp.clock.business(),
  })
  const problem = 'events were ignored and can be applied now: run npm run billing:replay'
  expect(await differing(problem)).toMatchObject([{ fixable: false }])
  await replay(begun)
  expect(await differing(problem, { since: begun })).toEqual([])
})

test('an event without an id and a subscription of another shape do not stop reconcile', async () => {
  const events = { list: () => [{ object: 'event' }, ['active'], null] }
  expect(
    await differing('events of the payment provider have no id, type or time', { provider: finding({ events }) }),
  ).toMatchObject([{ what: expect.stringMatching(/^3 /), fixable: false }])
  const subscriptions = { list: () => [{ id: ['sub'] }] }
  expect(
    await differing('a subscription of the payment provider is malformed', { provider: finding({ subscriptions }) }),
  ).toMatchObject([{ fixable: false }])
})

test('reconcile reports differences that it cannot repair', async () => {
  // A customer that the server did not create.
  const stranger = await stripe.customers.create({})
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: stranger.id })
  const ours = await db.billingPrice.findFirstOrThrow({ where: { planId: supporter.id } })
  const fields = { customer: stranger.id, default_payment_method: method.id, items: [{ price: ours.priceId }] }
  const foreign = await stripe.subscriptions.create(fields)
  // A price that the server did not create.
  const { customerId, buyer } = await subscriber()
  const product = await stripe.products.create({ name: 'Other' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 1, recurring })
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customerId })
  const items = [{ price: price.id }]
  const other = await stripe.subscriptions.create({ customer: customerId, default_payment_method: card.id, items })
  await billingApp.holdWebhooks(false)
  // A customer that the provider does not know.
  const { customer } = await makeCustomer(db, billingApp.issuer.url)
  const start = seconds(new Date())
  const gone = subscription({ id: id('sub'), customer, price: ours.priceId, start, periodEnd: start + 86_400 })
  await receive(event('customer.subscription.created', gone, { created: start }))

  const before = await heldBy(db, buyer.id)
  for (const [subscriptionId, what] of [
    [foreign.id, `its customer ${stranger.id} belongs to no member`],
    [other.id, `the price ${price.id} is unknown here: run npm run billing:sync`],
    [gone.id, 'not known to the payment provider. If STRIPE_SECRET_KEY is right, revoke the membership or let it end.'],
  ] as const) {
    for (const _again of [1, 2]) {
      const found = await differing(subscriptionId)
      expect(found).toMatchObject([{ what: `${subscriptionId}: ${what}`, fixable: false }])
      await mendAll(subscriptionId)
    }
  }
  // The comparison runs in the same second as the events.
  const then = () => new Date(other.created * 1000)
  expect(await differing(other.id, { businessNow: then })).toHaveLength(1)
  expect(await heldBy(db, buyer.id)).toEqual(before)
})
