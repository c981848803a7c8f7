import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { applySync, differences, planSyncOf } from '../src/billing/index.ts'
import { promote } from '../src/catalogue/index.ts'
import type { MadePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { refusal, startCheckout, startBillingApp, subscribe, type Buyer } from './support/billing-app.ts'

// Stored references to objects that the payment provider has deleted.

const billingApp = await startBillingApp()
const { db, stripe } = billingApp

let supporter: MadePlan
let patron: MadePlan
beforeAll(async () => {
  // Customers of other tests would count as deleted.
  await db.billingCustomer.updateMany({ where: { goneAt: null }, data: { goneAt: new Date() } })
  ;[supporter, patron] = (await billingApp.sell({ monthly: 500 }, { monthly: 1200 })) as [MadePlan, MadePlan]
})

const goneId = (prefix: string) => `${prefix}_Gone${randomUUID().slice(0, 8)}`
const customerOf = async (buyer: Buyer) =>
  (await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id, goneAt: null } })).customerId
/** Replaces the customer by one that the provider does not know, as after a change of account or deleted test data. */
const losesCustomer = async (buyer: Buyer) =>
  db.billingCustomer.update({ where: { customerId: await customerOf(buyer) }, data: { customerId: goneId('cus') } })
const deletesCustomer = async (buyer: Buyer) => stripe.customers.del(await customerOf(buyer))
const urlOf = async (buyer: Buyer, plan: MadePlan) => {
  const { data, errors } = await startCheckout(buyer, plan.slug)
  expect(errors).toBeUndefined()
  return data.startCheckout.url as string
}
const gift = ({ slug }: MadePlan) =>
  `mutation { startGiftCheckout(plan: "${slug}", interval: MONTHLY, returnTo: "/") { url } }`
const found = async (id: string) => {
  const now = billingApp.clock.business
  const options = {
    db,
    stripe,
    graceMilliseconds: 0,
    livemode: false,
    since: new Date(0),
    wallNow: () => new Date(),
    businessNow: now,
  }
  const all = []
  for await (const difference of differences(options)) if (difference.what.startsWith(id)) all.push(difference)
  return all
}

test.each([
  ['unknown', losesCustomer],
  ['deleted', deletesCustomer],
])('a purchase creates a new customer for one that is %s', async (_how, lose) => {
  const buyer = await billingApp.buyer()
  const first = await urlOf(buyer, supporter)
  const old = await customerOf(buyer)
  await lose(buyer)
  const second = await urlOf(buyer, supporter)
  expect(second).not.toBe(first)
  expect(await customerOf(buyer)).not.toBe(old)
  expect(await urlOf(buyer, supporter)).toBe(second)
  await lose(buyer)
  expect((await buyer.ask(gift(supporter))).errors).toBeUndefined()
  await billingApp.pay(await urlOf(buyer, patron))
  await eventually(
    () => db.membership.findFirst({ where: { memberId: buyer.id, status: 'ACTIVE' } }),
    (held) => held?.planId === patron.id,
  )
})

test('concurrent purchases create one new customer', async () => {
  const buyer = await billingApp.buyer()
  await urlOf(buyer, supporter)
  await deletesCustomer(buyer)
  const answers = await Promise.all([
    buyer.ask(gift(supporter)),
    buyer.ask(gift(supporter)),
    buyer.ask(gift(supporter)),
  ])
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([])
  expect(await db.billingCustomer.count({ where: { memberId: buyer.id } })).toBe(2)
})

test('a member whose paying customer was deleted can buy again', async () => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, supporter.slug)
  const old = await customerOf(buyer)
  await deletesCustomer(buyer)
  await eventually(
    () => db.membership.findFirstOrThrow({ where: { memberId: buyer.id } }),
    ({ status }) => status === 'ENDED',
  )
  const portal = await buyer.ask('mutation { openBillingPortal(returnTo: "/account/") { url } }')
  expect(refusal(portal)).toEqual(['CONFLICT', expect.stringContaining('has deleted your records')])
  const { data, errors } = await buyer.ask(
    '{ viewer { billing { card { last4 } openInvoice { id } invoices { id } } } }',
  )
  expect(errors).toBeUndefined()
  expect(data.viewer.billing).toMatchObject({ card: null, openInvoice: null, invoices: [expect.anything()] })
  await subscribe(billingApp, buyer, supporter.slug)
  expect(await customerOf(buyer)).not.toBe(old)
  // Events of the old customer still apply to the member.
  const { data: charges } = await stripe.charges.list({ customer: old })
  await stripe.refunds.create({ charge: charges[0]?.id ?? '' })
  const pending = () => db.billingEvent.count({ where: { customerId: old, outcome: 'PENDING' } })
  await eventually(pending, (count) => count === 0)
  expect(await db.membership.count({ where: { memberId: buyer.id, status: 'ACTIVE' } })).toBe(1)
})

test.each(['changePlan(plan: "$", interval: MONTHLY)', 'cancelMembership', 'keepMembership'])(
  '%s of a deleted subscription is a CONFLICT',
  async (mutation) => {
    const buyer = await billingApp.buyer()
    await subscribe(billingApp, buyer, supporter.slug)
    const { membership } = await db.billingSubscription.findFirstOrThrow({
      where: { membership: { memberId: buyer.id } },
      select: { membership: true },
    })
    const gone = goneId('sub')
    await db.billingSubscription.updateMany({ where: { membershipId: membership.id }, data: { subscriptionId: gone } })
    const answer = await buyer.ask(`mutation { ${mutation.replace('$', patron.slug)} { id } }`)
    expect(refusal(answer)).toEqual(['CONFLICT', expect.stringContaining('no longer exists at the payment provider')])
    expect(await found(gone)).toMatchObject([{ fixable: false }])
  },
)

test('reconcile reports a deleted customer once', async () => {
  const buyer = await billingApp.buyer()
  await urlOf(buyer, supporter)
  const id = await customerOf(buyer)
  expect(await found(id)).toEqual([])
  await stripe.customers.del(id)
  const [difference, ...more] = await found(id)
  expect([difference?.what, difference?.fixable, more]).toEqual([
    `${id}: the customer no longer exists at the payment provider. The member's next purchase creates a new one.`,
    true,
    [],
  ])
  await difference?.fix()
  expect(await found(id)).toEqual([])
  await urlOf(buyer, supporter)
})

test('the sync creates a deleted price and product again', async () => {
  const [plan] = (await billingApp.sell({ monthly: 700 })) as [MadePlan]
  const buyer = await billingApp.buyer()
  const planId = plan.id
  const losePrice = (priceId: string) =>
    db.billingPrice.updateMany({ where: { planId, archivedAt: null }, data: { priceId } })
  const loseProduct = (productId: string) => db.billingProduct.update({ where: { planId }, data: { productId } })
  for (const [gone, lose] of [
    [goneId('price'), losePrice],
    [goneId('prod'), loseProduct],
  ] as const) {
    await lose(gone)
    const refused = ['SERVICE_UNAVAILABLE', 'This plan cannot be bought yet.']
    if (lose === losePrice) expect(refusal(await startCheckout(buyer, plan.slug))).toEqual(refused)
    else expect(refusal(await buyer.ask(gift(plan)))).toEqual(refused)
    expect((await found(gone)).map(({ what }) => what)).toEqual([expect.stringContaining('Run npm run billing:sync')])
    const now = billingApp.clock.business()
    const steps = (await planSyncOf(db, stripe, now)).filter((step) => 'plan' in step && step.plan.planId === planId)
    await applySync({ db, stripe, steps, now })
    await urlOf(buyer, plan)
    expect((await buyer.ask(gift(plan))).errors).toBeUndefined()
  }
})

test('the sync creates a promotion with a deleted coupon again', async () => {
  const now = billingApp.clock.business()
  const code = `GONE${supporter.id.slice(-6).toUpperCase()}`
  const terms = { percentOff: 20, amountOffMinor: null, currency: null, duration: 'ONCE', months: null } as const
  await promote(db, { code, ...terms, expiresAt: null }, now)
  const sync = async () => {
    const steps = (await planSyncOf(db, stripe, now)).filter(
      (step) => 'promotion' in step && step.promotion.code === code,
    )
    await applySync({ db, stripe, steps, now })
    return db.promotion.findFirstOrThrow({ where: { code } })
  }
  const before = await sync()
  await stripe.coupons.del(before.couponId ?? '')
  expect(await found(before.promotionCodeId ?? '?')).toHaveLength(1)
  const after = await sync()
  expect(after.couponId).not.toBe(before.couponId)
  expect(await stripe.promotionCodes.retrieve(after.promotionCodeId ?? '')).toMatchObject({ active: true })
  expect(await found(after.promotionCodeId ?? '?')).toEqual([])
})
