import { beforeAll, expect, test } from '@jest/globals'
import type { MadePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { failsLater, refusal, startBillingApp, subscribe, type Buyer } from './support/billing-app.ts'

// Plan changes and cancellations. The response shows the result, because the mutation waits for the provider's webhook.

const billingApp = await startBillingApp()
const { db, stripe } = billingApp

let supporter: MadePlan
let patron: MadePlan
let dollars: MadePlan
/** Plans with a trial of 14 days, 7 days and none. */
let free: { supporter: MadePlan; friend: MadePlan; patron: MadePlan }
beforeAll(async () => {
  ;[supporter] = (await billingApp.sell({ monthly: 500, yearly: 5000 })) as [MadePlan]
  ;[patron, dollars] = (await billingApp.sell(
    { monthly: 1200, yearly: 12_000, includes: [supporter.id] },
    { monthly: 100 },
  )) as [MadePlan, MadePlan]
  const [trial] = (await billingApp.sell({ monthly: 500, yearly: 5000, trialDays: 14 })) as [MadePlan]
  const [friend, more] = (await billingApp.sell(
    { monthly: 800, includes: [trial.id], trialDays: 7 },
    { monthly: 1200, yearly: 12_000, includes: [trial.id] },
  )) as [MadePlan, MadePlan]
  free = { supporter: trial, friend, patron: more }
  await db.planPrice.updateMany({ where: { planId: dollars.id }, data: { currency: 'USD' } })
})

const standing = `id membership { plan { slug } status cancelAtPeriodEnd currentPeriodEnd }
  billing { interval price { amountMinor } change { plan { slug } interval direction at dueNow { amountMinor } } }`

const subscriber = async (plan: MadePlan, card?: string): Promise<Buyer> => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, plan.slug, card)
  return buyer
}
const change = (buyer: Buyer, plan: MadePlan, interval = 'MONTHLY') =>
  buyer.ask(
    `mutation ($plan: String!, $interval: BillingInterval!) { changePlan(plan: $plan, interval: $interval) { ${standing} } }`,
    { plan: plan.slug, interval },
  )
const planned = async (buyer: Buyer, plan: MadePlan, interval = 'MONTHLY') =>
  (
    await buyer.ask(
      `query ($plan: String!, $interval: BillingInterval!) {
        planChange(plan: $plan, interval: $interval) { plan { slug } interval direction at trialEndsAt dueNow { amountMinor currency } }
      }`,
      { plan: plan.slug, interval },
    )
  ).data.planChange
const leave = (buyer: Buyer, how: 'cancelMembership' | 'keepMembership') =>
  buyer.ask(`mutation { ${how} { ${standing} } }`)
const atProvider = async (buyer: Buyer) => {
  const { subscriptionId } = await db.billingSubscription.findFirstOrThrow({
    where: { membership: { memberId: buyer.id } },
  })
  return stripe.subscriptions.retrieve(subscriptionId)
}

test('an upgrade is immediate and costs the previewed amount', async () => {
  const buyer = await subscriber(supporter)
  const plan = await planned(buyer, patron)
  expect(plan).toMatchObject({ plan: { slug: patron.slug }, direction: 'UP', dueNow: { currency: 'EUR' } })
  expect(plan.dueNow.amountMinor).toBeGreaterThan(600)
  const { data, errors } = await change(buyer, patron)
  expect(errors).toBeUndefined()
  expect(data.changePlan).toMatchObject({
    membership: { plan: { slug: patron.slug }, status: 'ACTIVE' },
    billing: { interval: 'MONTHLY', price: { amountMinor: 1200 }, change: null },
  })
  const [{ amount_paid } = {}] = (await stripe.invoices.list({ subscription: (await atProvider(buyer)).id, limit: 1 }))
    .data
  // The preview may be a second or two older.
  expect(Math.abs((amount_paid ?? 0) - plan.dueNow.amountMinor)).toBeLessThanOrEqual(1)
  expect(await planned(buyer, patron)).toBeNull()
  expect(refusal(await change(buyer, patron))).toEqual(['BAD_USER_INPUT', expect.stringContaining('You already have')])
})

test('a downgrade waits for the period end and can be withdrawn', async () => {
  const buyer = await subscriber(patron)
  const { currentPeriodEnd } = await db.membership.findFirstOrThrow({ where: { memberId: buyer.id } })
  const at = currentPeriodEnd?.toISOString()
  const down = { plan: { slug: supporter.slug }, interval: 'YEARLY', direction: 'DOWN', at, dueNow: null }
  expect(await planned(buyer, supporter, 'YEARLY')).toEqual({ ...down, trialEndsAt: null })
  for (const _again of [1, 2]) {
    const { data } = await change(buyer, supporter, 'YEARLY')
    expect(data.changePlan).toMatchObject({ membership: { plan: { slug: patron.slug } }, billing: { change: down } })
  }
  const next = await buyer.ask('{ viewer { billing { nextPayment { at amount { amountMinor } } } } }')
  expect(next.data.viewer.billing.nextPayment).toEqual({ at, amount: { amountMinor: 5000 } })
  const other = await change(buyer, supporter)
  expect(other.data.changePlan.billing.change).toMatchObject({ interval: 'MONTHLY', direction: 'DOWN' })
  const kept = await leave(buyer, 'keepMembership')
  expect(kept.data.keepMembership.billing.change).toBeNull()
  expect((await atProvider(buyer)).schedule).toBeNull()
  expect((await leave(buyer, 'keepMembership')).errors).toBeUndefined()
})

test('a cancellation for the period end can be withdrawn', async () => {
  const buyer = await subscriber(patron)
  await change(buyer, supporter)
  for (const _again of [1, 2]) {
    const { data } = await leave(buyer, 'cancelMembership')
    expect(data.cancelMembership).toMatchObject({ membership: { cancelAtPeriodEnd: true }, billing: { change: null } })
  }
  const { data } = await leave(buyer, 'keepMembership')
  expect(data.keepMembership.membership).toMatchObject({ cancelAtPeriodEnd: false, status: 'ACTIVE' })
})

test.each([
  ['up', () => supporter, () => patron],
  ['down', () => patron, () => supporter],
])('a change %s withdraws a cancellation', async (_direction, from, to) => {
  const buyer = await subscriber(from())
  await leave(buyer, 'cancelMembership')
  const { data, errors } = await change(buyer, to())
  expect(errors).toBeUndefined()
  expect(data.changePlan.membership.cancelAtPeriodEnd).toBe(false)
  expect((await atProvider(buyer)).cancel_at_period_end).toBe(false)
})

test('a declined card changes nothing, including a scheduled change', async () => {
  const buyer = await subscriber(supporter, failsLater)
  await change(buyer, supporter, 'YEARLY')
  expect(refusal(await change(buyer, patron))).toEqual([
    'CONFLICT',
    expect.stringMatching(/declined.*Nothing was changed\.$/),
  ])
  const subscription = await atProvider(buyer)
  expect(subscription.items.data[0]?.price.unit_amount).toBe(500)
  expect(subscription.schedule).not.toBeNull()
  const held = await eventually(
    () => buyer.ask(`{ viewer { ${standing} } }`),
    ({ data }) => data.viewer.billing.change !== null,
  )
  expect(held.data.viewer).toMatchObject({
    membership: { plan: { slug: supporter.slug }, status: 'ACTIVE' },
    billing: { change: { interval: 'YEARLY' } },
  })
})

test('refuses a change to another currency', async () => {
  const buyer = await subscriber(supporter)
  const said = 'is sold in USD: cancel first, then buy it.'
  expect(refusal(await change(buyer, dollars))).toEqual(['BAD_USER_INPUT', expect.stringContaining(said)])
})

test('refuses a change while a payment is overdue', async () => {
  const buyer = await subscriber(supporter, failsLater)
  await billingApp.passDays(32)
  await eventually(
    () => db.membership.findFirstOrThrow({ where: { memberId: buyer.id } }),
    ({ status }) => status === 'PAST_DUE',
  )
  expect(refusal(await change(buyer, patron))).toEqual([
    'CONFLICT',
    'Your last payment failed. Update your card first.',
  ])
  expect(await planned(buyer, patron)).toBeNull()
  const page = await buyer.ask(
    '{ viewer { billing { nextPayment { at } openInvoice { status total { amountMinor } url } } } }',
  )
  expect(page.data.viewer.billing).toMatchObject({
    nextPayment: null,
    openInvoice: { status: 'OPEN', total: { amountMinor: 500 } },
  })
  const { data } = await leave(buyer, 'cancelMembership')
  expect(data.cancelMembership.membership.cancelAtPeriodEnd).toBe(true)
})

test('withdraws a cancellation by date', async () => {
  const buyer = await subscriber(supporter)
  const { id, items } = await atProvider(buyer)
  await stripe.subscriptions.update(id, { cancel_at: items.data[0]?.current_period_end ?? 0 })
  await eventually(
    async () => (await buyer.ask(`{ viewer { ${standing} } }`)).data.viewer.membership,
    ({ cancelAtPeriodEnd }) => cancelAtPeriodEnd,
  )
  const { data } = await leave(buyer, 'keepMembership')
  expect(data.keepMembership.membership).toMatchObject({ status: 'ACTIVE', cancelAtPeriodEnd: false })
  expect(await atProvider(buyer)).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
})

const trialEnd = async (buyer: Buyer) => {
  const { status, trial_end } = await atProvider(buyer)
  return status === 'trialing' && trial_end !== null ? new Date(trial_end * 1000) : null
}
const invoiced = async (buyer: Buyer) => {
  const { data } = await stripe.invoices.list({ subscription: (await atProvider(buyer)).id })
  return data.map(({ amount_paid }) => amount_paid)
}

test.each(['MONTHLY', 'YEARLY'])('a change to a plan without a trial is paid at once, %s', async (interval) => {
  const buyer = await subscriber(free.supporter)
  const price = interval === 'YEARLY' ? 12_000 : 1200
  const plan = await planned(buyer, free.patron, interval)
  expect(plan).toMatchObject({ direction: 'UP', trialEndsAt: plan.at, dueNow: { amountMinor: price } })
  const { data } = await change(buyer, free.patron, interval)
  expect(data.changePlan.membership).toMatchObject({ plan: { slug: free.patron.slug }, status: 'ACTIVE' })
  expect(await invoiced(buyer)).toEqual([price, 0])
})

test('a declined card keeps the trial with the old plan', async () => {
  const buyer = await subscriber(free.supporter, failsLater)
  const before = await trialEnd(buyer)
  expect(refusal(await change(buyer, free.patron))).toEqual(['CONFLICT', expect.stringMatching(/declined/)])
  expect(await trialEnd(buyer)).toEqual(before)
  const { data } = await buyer.ask(`{ viewer { ${standing} } }`)
  expect(data.viewer.membership).toMatchObject({ plan: { slug: free.supporter.slug }, status: 'TRIALING' })
})

test('a change keeps the trial days that the new plan has too', async () => {
  const buyer = await subscriber(free.supporter)
  const { startedAt } = await db.membership.findFirstOrThrow({ where: { memberId: buyer.id } })
  const seventh = new Date(startedAt.getTime() + 7 * 86_400_000)
  const plan = await planned(buyer, free.friend)
  expect(plan).toMatchObject({ direction: 'UP', trialEndsAt: seventh.toISOString(), dueNow: { amountMinor: 0 } })
  const { data } = await change(buyer, free.friend)
  const membership = { plan: { slug: free.friend.slug }, status: 'TRIALING', currentPeriodEnd: seventh.toISOString() }
  expect(data.changePlan.membership).toMatchObject(membership)
  expect(await trialEnd(buyer)).toEqual(seventh)
  expect(await invoiced(buyer)).toEqual([0])
})

test.each([
  ['another interval', () => free.supporter, 'YEARLY'],
  ['a cheaper plan', () => supporter, 'MONTHLY'],
])('%s waits for the end of the trial', async (_change, to, interval) => {
  const buyer = await subscriber(free.supporter)
  const end = (await trialEnd(buyer))?.toISOString()
  const down = { direction: 'DOWN', at: end, trialEndsAt: end, dueNow: null }
  expect(await planned(buyer, to(), interval)).toMatchObject(down)
  const { data } = await change(buyer, to(), interval)
  expect(data.changePlan.membership).toMatchObject({ plan: { slug: free.supporter.slug }, status: 'TRIALING' })
  expect((await trialEnd(buyer))?.toISOString()).toBe(end)
})

test('a withdrawn cancellation does not move the end of the trial', async () => {
  const buyer = await subscriber(free.supporter)
  const end = await trialEnd(buyer)
  await leave(buyer, 'cancelMembership')
  await leave(buyer, 'keepMembership')
  expect(await trialEnd(buyer)).toEqual(end)
  await leave(buyer, 'cancelMembership')
  const { data } = await change(buyer, free.patron)
  expect(data.changePlan.membership).toMatchObject({ status: 'ACTIVE', cancelAtPeriodEnd: false })
})

test('refuses a change while a refund is being processed', async () => {
  const buyer = await subscriber(supporter)
  const { id: subscriptionId } = await atProvider(buyer)
  const { customerId } = await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id } })
  // Later events would delete a task that does not follow from them.
  const toCome = async () =>
    ((await (await fetch(`${billingApp.provider}/_local/webhooks`)).json()) as { queue: unknown[] }).queue
  await eventually(toCome, ({ length }) => length === 0)
  const task = { subscriptionId, customerId, kind: 'CHANGE_PRICE', priceId: 'price_before' } as const
  await db.billingTask.create({ data: { ...task, createdAt: new Date() } })
  for (const to of [patron, supporter]) {
    const interval = to === supporter ? 'YEARLY' : 'MONTHLY'
    expect(refusal(await change(buyer, to, interval))).toEqual(['CONFLICT', expect.stringMatching(/being adjusted/)])
  }
  await db.billingTask.delete({ where: { subscriptionId } })
  expect((await change(buyer, patron)).errors).toBeUndefined()
})
