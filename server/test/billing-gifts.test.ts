import { beforeAll, expect, test } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { makeGiftCode } from '../src/billing/gifts/gift-code.ts'
import { periodEndAfter } from '../src/catalogue/index.ts'
import type { MadePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { refusal, startBillingApp, subscribe, visa, type Buyer } from './support/billing-app.ts'

// A gift is bought once and redeemed once.

const billingApp = await startBillingApp()
const { db } = billingApp

let supporter: MadePlan
let patron: MadePlan
beforeAll(async () => {
  ;[supporter] = (await billingApp.sell({ monthly: 500, yearly: 5000 })) as [MadePlan]
  ;[patron] = (await billingApp.sell({ monthly: 1200, includes: [supporter.id] })) as [MadePlan]
})

const redeem = (buyer: Buyer, code: string) =>
  buyer.ask(
    `mutation ($code: String!) {
      redeemGift(code: $code) { plan { slug } source status startedAt currentPeriodEnd cancelAtPeriodEnd }
    }`,
    { code },
  )
const noGift = ['NOT_FOUND', "That code isn't valid. Check it and try again."]

/** Creates a gift as the ledger writes it. */
async function makeGift(
  planId: string,
  fields: { voidedAt?: Date; interval?: 'MONTHLY' | 'YEARLY' } = {},
): Promise<string> {
  const code = makeGiftCode()
  const { id: buyerId } = await billingApp.buyer()
  const [id, sessionId] = [uuidv7(), `cs_${uuidv7()}`]
  await db.gift.create({
    data: {
      id,
      sessionId,
      code,
      planId,
      buyerId,
      interval: 'MONTHLY',
      amountMinor: 500,
      currency: 'EUR',
      boughtAt: new Date(),
      ...fields,
    },
  })
  return code
}

test('a gift is bought, listed for its buyer and redeemed by another member', async () => {
  const [buyer, friend] = [await billingApp.buyer(), await billingApp.buyer()]
  const { data } = await buyer.ask(
    `mutation { startGiftCheckout(plan: "${supporter.slug}", interval: YEARLY, returnTo: "/account/?bought=gift") { url } }`,
  )
  expect(await billingApp.pay(data.startGiftCheckout.url)).toBe(
    'http://localhost:8000/account/?bought=gift&checkout=done',
  )
  const gifts =
    '{ viewer { gifts { id code plan { slug } interval boughtAt redeemedAt voided } membership { status } } }'
  const bought = await eventually(
    () => buyer.ask(gifts),
    (answer) => answer.data.viewer.gifts.length === 1,
  )
  const [gift] = bought.data.viewer.gifts
  expect(gift).toMatchObject({ plan: { slug: supporter.slug }, interval: 'YEARLY', redeemedAt: null, voided: false })
  expect(bought.data.viewer.membership).toBeNull()
  expect((await friend.ask(gifts)).data.viewer.gifts).toEqual([])

  const redeemed = await redeem(friend, gift.code.toLowerCase().replaceAll('-', ' '))
  const { startedAt, currentPeriodEnd, ...rest } = redeemed.data.redeemGift
  expect(rest).toEqual({ plan: { slug: supporter.slug }, source: 'GIFT', status: 'ACTIVE', cancelAtPeriodEnd: false })
  expect(currentPeriodEnd).toBe(periodEndAfter(new Date(startedAt), 'YEARLY').toISOString())
  expect(refusal(await redeem(friend, gift.code))).toEqual(noGift)
  expect((await buyer.ask(gifts)).data.viewer.gifts[0].redeemedAt).toBe(startedAt)
  // The buyer of a gift has receipts.
  const receipts =
    '{ viewer { billing { interval price { amountMinor } invoices { status total { amountMinor } description url } } } }'
  expect((await buyer.ask(receipts)).data.viewer.billing).toEqual({
    interval: null,
    price: null,
    invoices: [
      {
        status: 'PAID',
        total: { amountMinor: 5000 },
        description: `${(await db.plan.findUniqueOrThrow({ where: { id: supporter.id } })).name}, a gift`,
        url: expect.stringMatching(/\/i\/\w{32}$/),
      },
    ],
  })
})

test.each([
  ['without a plan', false, null],
  ['with a paid plan, which remains', true, 'ACTIVE'],
])('a refund voids the gift of a buyer %s', async (_who, holds, status) => {
  const buyer = await billingApp.buyer()
  if (holds) await subscribe(billingApp, buyer, supporter.slug)
  const held = '{ viewer { membership { status currentPeriodEnd } gifts { code voided } } }'
  const before = (await buyer.ask(held)).data.viewer.membership
  const { data } = await buyer.ask(
    `mutation { startGiftCheckout(plan: "${patron.slug}", interval: MONTHLY, returnTo: "/account/") { url } }`,
  )
  await billingApp.pay(data.startGiftCheckout.url, visa)
  const [gift] = (
    await eventually(
      () => buyer.ask(held),
      (answer) => answer.data.viewer.gifts.length === 1,
    )
  ).data.viewer.gifts
  const { customerId } = await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id, goneAt: null } })
  const [invoice] = (await billingApp.stripe.invoices.list({ customer: customerId, expand: ['data.payments'] })).data
  expect(invoice).toMatchObject({ billing_reason: 'manual', parent: null, total: 1200 })
  // By the payment on the receipt, as in the provider's dashboard.
  const payment = invoice?.payments?.data[0]?.payment.payment_intent as string
  await billingApp.stripe.refunds.create({ payment_intent: payment })
  const after = await eventually(
    () => buyer.ask(held),
    (answer) => answer.data.viewer.gifts[0].voided,
  )
  expect([after.data.viewer.membership?.status ?? null, after.data.viewer.membership]).toEqual([status, before])
  expect(refusal(await redeem(await billingApp.buyer(), gift.code))).toEqual(noGift)
})

test('only one of a hundred members redeems a code', async () => {
  const code = await makeGift(supporter.id)
  const members = await Promise.all(Array.from({ length: 100 }, () => billingApp.buyer()))
  const answers = await Promise.all(members.map((member) => redeem(member, code)))
  expect(answers.filter(({ data }) => data.redeemGift !== null)).toHaveLength(1)
  for (const answer of answers.filter(({ data }) => data.redeemGift === null)) {
    // The database may refuse some of so many concurrent requests. A retry then returns NOT_FOUND.
    expect(['NOT_FOUND', 'SERVICE_UNAVAILABLE']).toContain(refusal(answer)[0])
  }
  expect(await db.membership.count({ where: { memberId: { in: members.map(({ id }) => id) } } })).toBe(1)
  expect(await db.membershipChange.count({ where: { memberId: { in: members.map(({ id }) => id) } } })).toBe(1)
  expect(refusal(await redeem(await billingApp.buyer(), code))).toEqual(noGift)
})

test('several gifts of a member follow each other without a gap', async () => {
  const member = await billingApp.buyer()
  const codes = await Promise.all([
    makeGift(supporter.id),
    makeGift(supporter.id, { interval: 'YEARLY' }),
    makeGift(patron.id),
  ])
  for (const answer of await Promise.all(codes.map((code) => redeem(member, code))))
    expect(answer.errors).toBeUndefined()
  const held = await db.membership.findMany({
    where: { memberId: member.id, planId: supporter.id },
    orderBy: { startedAt: 'asc' },
  })
  expect(held).toHaveLength(2)
  expect(held[1]?.startedAt).toEqual(held[0]?.currentPeriodEnd)
  // A gift of another plan starts now.
  const other = await db.membership.findFirstOrThrow({ where: { memberId: member.id, planId: patron.id } })
  expect(other.startedAt.getTime()).toBeLessThan(held[1]?.startedAt.getTime() ?? 0)
})

test('refuses a code for a plan that the member pays for', async () => {
  const member = await billingApp.buyer()
  await subscribe(billingApp, member, patron.slug)
  for (const plan of [supporter, patron]) {
    const code = await makeGift(plan.id)
    expect(refusal(await redeem(member, code))).toEqual(['CONFLICT', expect.stringContaining('The code stays valid')])
    expect((await redeem(await billingApp.buyer(), code)).errors).toBeUndefined()
  }
})

test('accepts a code for a plan that includes the paid one', async () => {
  const member = await billingApp.buyer()
  await subscribe(billingApp, member, supporter.slug)
  expect((await redeem(member, await makeGift(patron.id))).errors).toBeUndefined()
})

test.each(['', 'GIFT', 'GIFT-00000-00000-00000-00000', "' OR 1=1 --", 'a\0b', '\ud800', 'x'.repeat(5000)])(
  'the code %j is not found',
  async (code) => {
    const [errorCode, message] = refusal(await redeem(await billingApp.buyer(), code))
    expect([errorCode, message]).toEqual(noGift)
  },
)

test('the code of a refunded gift is not found', async () => {
  const code = await makeGift(supporter.id, { voidedAt: new Date() })
  expect(refusal(await redeem(await billingApp.buyer(), code))).toEqual(noGift)
})
