import { beforeAll, expect, test } from '@jest/globals'
import { makeArticle, type MadePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { startCheckout, startBillingApp, type Buyer } from './support/billing-app.ts'

// A refund of an upgrade restores the previous plan, here and at the provider.

const billingApp = await startBillingApp()
const { db, stripe } = billingApp

let supporter: MadePlan
let patron: MadePlan
let forPatrons: string
let forSupporters: string
beforeAll(async () => {
  ;[supporter] = (await billingApp.sell({ monthly: 500, yearly: 5000 })) as [MadePlan]
  ;[patron] = (await billingApp.sell({ monthly: 1200, yearly: 12_000, includes: [supporter.id] })) as [MadePlan]
  forPatrons = (await makeArticle(db, { visibility: 'PLANS', planIds: [patron.id] })).slug
  forSupporters = (await makeArticle(db, { visibility: 'PLANS', planIds: [supporter.id] })).slug
})

type Interval = 'MONTHLY' | 'YEARLY'

async function change(buyer: Buyer, plan: MadePlan, interval: Interval): Promise<void> {
  const query = `mutation { changePlan(plan: "${plan.slug}", interval: ${interval}) { id } }`
  const { errors } = await buyer.ask(query)
  expect(errors).toBeUndefined()
}

async function opens(buyer: Buyer): Promise<string> {
  const query = `{
    patron: article(slug: "${forPatrons}") { access { granted } }
    supporter: article(slug: "${forSupporters}") { access { granted } }
  }`
  const { data } = await buyer.ask(query)
  return ['patron', 'supporter'].filter((name) => data[name].access.granted).join()
}

/** Waits until the events have arrived. */
const untilOpen = async (buyer: Buyer, which: string): Promise<void> => {
  expect(
    await eventually(
      () => opens(buyer),
      (open) => open === which,
    ),
  ).toBe(which)
}

const settled = () => billingApp.holdWebhooks(false)

/** Creates a member who bought Supporter and changed to Patron ten days later. */
async function upgraded(interval: Interval) {
  const buyer = await billingApp.buyer()
  const { data } = await startCheckout(buyer, supporter.slug, interval)
  await billingApp.pay(data.startCheckout.url)
  await untilOpen(buyer, 'supporter')
  await billingApp.passDays(10)
  await change(buyer, patron, interval)
  await settled()
  await untilOpen(buyer, 'patron,supporter')
  const where = { membership: { memberId: buyer.id } }
  const { subscriptionId, customerId } = await db.billingSubscription.findFirstOrThrow({ where })
  const [difference] = (await stripe.charges.list({ customer: customerId })).data
  return { buyer, subscriptionId, charge: difference?.id ?? '' }
}

const refund = (charge: string) => stripe.refunds.create({ charge })
async function lose(chargeId: string): Promise<void> {
  const { id: disputeId } = await billingApp.control('disputes', { chargeId })
  await billingApp.control('disputes', { disputeId, outcome: 'lost' })
}
const priceAt = async (subscriptionId: string) => {
  const [item] = (await stripe.subscriptions.retrieve(subscriptionId)).items.data
  return item?.price.unit_amount
}

test.each<[string, Interval, (charge: string) => Promise<unknown>, number]>([
  ['a refund', 'MONTHLY', refund, 500],
  ['a lost dispute', 'MONTHLY', lose, 500],
  ['a refund', 'YEARLY', refund, 5000],
  ['a lost dispute', 'YEARLY', lose, 5000],
])(
  '%s of the difference (%s) restores the previous plan',
  async (_title, interval, takeBack, amount) => {
    const { buyer, subscriptionId, charge } = await upgraded(interval)
    await takeBack(charge)
    await settled()
    await untilOpen(buyer, 'supporter')
    // The next charge is the price of the restored plan.
    expect(
      await eventually(
        () => priceAt(subscriptionId),
        (price) => price === amount,
      ),
    ).toBe(amount)
    await settled()
    await billingApp.passDays(interval === 'MONTHLY' ? 31 : 366)
    await settled()
    await untilOpen(buyer, 'supporter')
  },
  180_000,
)

test('restores a price that is no longer sold', async () => {
  const { buyer, subscriptionId, charge } = await upgraded('MONTHLY')
  const sold = { planId: supporter.id, interval: 'MONTHLY' } as const
  const { priceId } = await db.billingPrice.findFirstOrThrow({ where: sold })
  const { productId } = await db.billingProduct.findFirstOrThrow({ where: { planId: supporter.id } })
  const setActive = async (active: boolean) => {
    await stripe.products.update(productId, { active })
    await stripe.prices.update(priceId, { active })
  }
  await setActive(false)
  await refund(charge)
  await settled()
  await untilOpen(buyer, 'supporter')
  expect(
    await eventually(
      () => priceAt(subscriptionId),
      (price) => price === 500,
    ),
  ).toBe(500)
  const isActive = async () => [
    (await stripe.products.retrieve(productId)).active,
    (await stripe.prices.retrieve(priceId)).active,
  ]
  const closed = [false, false]
  expect(await eventually(isActive, (found) => String(found) === String(closed))).toEqual(closed)
  await setActive(true)
}, 180_000)

test('a refunded upgrade can be bought again', async () => {
  const { buyer, subscriptionId, charge } = await upgraded('MONTHLY')
  await refund(charge)
  await settled()
  await eventually(
    () => priceAt(subscriptionId),
    (price) => price === 500,
  )
  await settled()
  await billingApp.passDays(1)
  await change(buyer, patron, 'MONTHLY')
  await settled()
  await untilOpen(buyer, 'patron,supporter')
}, 180_000)

test('a scheduled change remains after the refund of an upgrade', async () => {
  const { buyer, subscriptionId, charge } = await upgraded('YEARLY')
  await change(buyer, supporter, 'MONTHLY')
  await settled()
  await refund(charge)
  await settled()
  await eventually(
    () => priceAt(subscriptionId),
    (price) => price === 5000,
  )
  await settled()
  await untilOpen(buyer, 'supporter')
  const { data } = await buyer.ask('{ viewer { billing { change { plan { slug } interval } } } }')
  expect(data.viewer.billing.change).toEqual({ plan: { slug: supporter.slug }, interval: 'MONTHLY' })
}, 180_000)
