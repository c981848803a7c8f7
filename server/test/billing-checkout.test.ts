import { beforeAll, expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import type { MadePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { refusal, startCheckout, startBillingApp, subscribe, type Buyer } from './support/billing-app.ts'

// Checkouts: concurrent windows, other members' data and an unavailable provider.

const billingApp = await startBillingApp()
const { db, stripe } = billingApp
const away = await startTestApp({ beside: billingApp, env: { STRIPE_API_BASE: 'http://127.0.0.1:9' } })

let supporter: MadePlan
let patron: MadePlan
let tried: MadePlan
let archived: MadePlan
beforeAll(async () => {
  ;[supporter, patron, tried, archived] = (await billingApp.sell(
    { monthly: 500, yearly: 5000 },
    { monthly: 1200 },
    { monthly: 700, trialDays: 14 },
    { monthly: 300, archived: true },
  )) as [MadePlan, MadePlan, MadePlan, MadePlan]
})

const openSessions = async (buyer: Buyer): Promise<string[]> => {
  const { customerId } = await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id, goneAt: null } })
  const { data } = await stripe.checkout.sessions.list({ customer: customerId, status: 'open' })
  return data.map(({ url }) => url ?? '')
}

test('the same request in three windows gets the same checkout', async () => {
  const buyer = await billingApp.buyer()
  const answers = await Promise.all([startCheckout(buyer, supporter.slug), startCheckout(buyer, supporter.slug)])
  const urls = [...answers, await startCheckout(buyer, supporter.slug)].map(({ data }) => data.startCheckout.url)
  expect(new Set(urls).size).toBe(1)
  expect(await openSessions(buyer)).toEqual([urls[0]])
})

test('another plan, interval or page expires the previous checkout', async () => {
  const buyer = await billingApp.buyer()
  const urls = [
    await startCheckout(buyer, supporter.slug),
    await startCheckout(buyer, patron.slug),
    await startCheckout(buyer, supporter.slug, 'YEARLY'),
    await startCheckout(buyer, supporter.slug, 'YEARLY', '/articles/a/?b=c#rest'),
  ].map(({ data }) => data.startCheckout.url as string)
  expect(new Set(urls).size).toBe(4)
  expect(await openSessions(buyer)).toEqual([urls[3]])
  const [{ success_url, cancel_url } = {}] = (await stripe.checkout.sessions.list({ limit: 1 })).data
  expect(success_url).toBe('http://localhost:8000/articles/a/?b=c&checkout=done#rest')
  expect(cancel_url).toBe('http://localhost:8000/articles/a/?b=c&checkout=back#rest')
})

test('only one of two concurrent checkouts can be paid', async () => {
  const buyer = await billingApp.buyer()
  const answers = await Promise.all([startCheckout(buyer, supporter.slug), startCheckout(buyer, patron.slug)])
  const given = answers.map(({ data }) => data.startCheckout?.url as string | undefined)
  const open = await openSessions(buyer)
  expect(open).toHaveLength(1)
  expect(given).toContain(open[0])
  for (const answer of answers.filter((_, index) => given[index] === undefined)) {
    expect(refusal(answer)).toEqual(['CONFLICT', expect.stringContaining('another checkout at the same time')])
  }
})

test('refuses a member who has a paid membership', async () => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, supporter.slug)
  for (const plan of [supporter, patron]) {
    const answer = await startCheckout(buyer, plan.slug)
    expect(refusal(answer)).toEqual(['CONFLICT', 'You already have a paid membership. Change its plan instead.'])
  }
  // The event of the completed checkout may arrive after the event of the membership.
  const begun = () => db.checkout.count({ where: { memberId: buyer.id } })
  expect(await eventually(begun, (count) => count === 0)).toBe(0)
})

test('refuses a plan that is paid in another window meanwhile', async () => {
  const buyer = await billingApp.buyer()
  const { data } = await startCheckout(buyer, supporter.slug)
  const real = db.checkout.findUnique
  // Here the other checkout has been read and is not paid. Then it is paid, and its event arrives.
  const findUnique = async (...args: Parameters<typeof real>) => {
    Object.assign(db.checkout, { findUnique: real })
    await billingApp.pay(data.startCheckout.url)
    await eventually(
      () => db.checkout.count({ where: { memberId: buyer.id } }),
      (count) => count === 0,
    )
    return real(...args)
  }
  Object.assign(db.checkout, { findUnique })
  const late = await startCheckout(buyer, patron.slug)
  expect(refusal(late)).toEqual(['CONFLICT', 'You already have a paid membership. Change its plan instead.'])
  expect(await openSessions(buyer)).toEqual([])
  expect(await db.checkout.count({ where: { memberId: buyer.id } })).toBe(0)
})

test('refuses a plan whose payment is not reported yet', async () => {
  const buyer = await billingApp.buyer()
  const { data } = await startCheckout(buyer, supporter.slug)
  await billingApp.holdWebhooks(true)
  expect(await billingApp.pay(data.startCheckout.url)).toBe('http://localhost:8000/account/?checkout=done')
  for (const plan of [supporter, patron]) {
    const answer = await startCheckout(buyer, plan.slug)
    expect(refusal(answer)).toEqual(['CONFLICT', 'Your payment is still being processed. Try again in a minute.'])
  }
  await billingApp.holdWebhooks(false)
  const live = () => db.membership.count({ where: { memberId: buyer.id, status: 'ACTIVE' } })
  expect(await eventually(live, (count) => count > 0)).toBe(1)
})

test('each member has one trial', async () => {
  const buyer = await billingApp.buyer()
  const available = async () => (await buyer.ask('{ viewer { trialAvailable } }')).data.viewer.trialAvailable as boolean
  expect(await available()).toBe(true)
  await subscribe(billingApp, buyer, tried.slug)
  expect(await db.membership.count({ where: { memberId: buyer.id, status: 'TRIALING' } })).toBe(1)
  expect(await available()).toBe(false)
  const { subscriptionId } = await db.billingSubscription.findFirstOrThrow({
    where: { membership: { memberId: buyer.id } },
  })
  await stripe.subscriptions.cancel(subscriptionId)
  await eventually(
    () => db.membership.count({ where: { memberId: buyer.id, status: 'ENDED' } }),
    (count) => count === 1,
  )
  await subscribe(billingApp, buyer, tried.slug)
  expect(await db.membership.count({ where: { memberId: buyer.id, status: 'ACTIVE' } })).toBe(1)
})

test('the refusal lists the plans on sale', async () => {
  const buyer = await billingApp.buyer()
  const [unknown, old, yearly] = [
    await startCheckout(buyer, 'gold'),
    await startCheckout(buyer, archived.slug),
    await startCheckout(buyer, patron.slug, 'YEARLY'),
  ]
  expect(refusal(unknown)).toEqual([
    'BAD_USER_INPUT',
    expect.stringMatching(/^There is no plan "gold"\. The plans are: /),
  ])
  expect(unknown.errors?.[0]?.message).toContain(supporter.slug)
  expect(unknown.errors?.[0]?.message).not.toContain(archived.slug)
  expect(refusal(old)).toEqual(['BAD_USER_INPUT', expect.stringContaining(`"${archived.slug}" is no longer on sale.`)])
  expect(refusal(yearly)).toEqual(['BAD_USER_INPUT', `The plan "${patron.slug}" is not sold by the year.`])
  expect(refusal(await startCheckout(buyer, 'a\0b'))).toEqual(['BAD_USER_INPUT', expect.any(String)])
})

test.each(['//evil.example/', 'https://evil.example/', '/\\evil.example/', 'javascript:alert(1)'])(
  'refuses the return address %s',
  async (returnTo) => {
    const buyer = await billingApp.buyer()
    const refused = ['BAD_USER_INPUT', expect.stringContaining('returnTo must be a path of the site')]
    expect(refusal(await startCheckout(buyer, supporter.slug, 'MONTHLY', returnTo))).toEqual(refused)
    const gift = `mutation ($r: String!) { startGiftCheckout(plan: "${supporter.slug}", interval: MONTHLY, returnTo: $r) { url } }`
    expect(refusal(await buyer.ask(gift, { r: returnTo }))).toEqual(refused)
    const portal = 'mutation ($r: String!) { openBillingPortal(returnTo: $r) { url } }'
    expect(refusal(await buyer.ask(portal, { r: returnTo }))).toEqual(refused)
    expect(await db.billingCustomer.count({ where: { memberId: buyer.id } })).toBe(0)
  },
)

test('refuses a price that is missing at the provider', async () => {
  const buyer = await billingApp.buyer()
  const [plan] = (await billingApp.sell({ monthly: 400 })) as [MadePlan]
  await db.planPrice.updateMany({ where: { planId: plan.id }, data: { amountMinor: 450 } })
  const answer = await startCheckout(buyer, plan.slug)
  expect(answer.status).toBe(503)
  expect(refusal(answer)).toEqual(['SERVICE_UNAVAILABLE', 'This plan cannot be bought yet.'])
  expect(billingApp.logs.join('')).toContain('run npm run billing:sync')
})

test('payments are visible to their member only', async () => {
  const [ada, bea] = [await billingApp.buyer(), await billingApp.buyer()]
  await subscribe(billingApp, ada, supporter.slug)
  const portal = 'mutation { openBillingPortal(returnTo: "/account/") { url } }'
  expect(refusal(await bea.ask(portal))).toEqual([
    'CONFLICT',
    'You have not bought anything yet, so there are no payments to show.',
  ])
  expect((await bea.ask('{ viewer { billing { interval } } }')).data.viewer.billing).toBeNull()
  for (const leave of ['cancelMembership', 'keepMembership', `changePlan(plan: "${patron.slug}", interval: MONTHLY)`]) {
    const answer = await bea.ask(`mutation { ${leave} { id } }`)
    expect(refusal(answer)).toEqual(['CONFLICT', 'You have no paid membership. Choose a plan first.'])
  }
  expect((await ada.ask(portal)).data.openBillingPortal.url).toMatch(/^http:\/\/localhost:\d+\/p\/session\//)
  const portals = (await ada.ask('mutation { openBillingPortal(returnTo: "/", task: UPDATE_CARD) { url } }')).data
  expect(portals.openBillingPortal.url).toMatch(/\/p\/session\//)
  const own = await ada.ask(`{ viewer { billing {
    interval price { amountMinor currency } card { brand last4 } openInvoice { id }
    nextPayment { at amount { amountMinor currency } } change { at }
    invoices { number status total { amountMinor currency } url createdAt description }
  } } }`)
  const membership = await db.membership.findFirstOrThrow({ where: { memberId: ada.id } })
  const five = { amountMinor: 500, currency: 'EUR' }
  expect(own.errors).toBeUndefined()
  expect(own.data.viewer.billing).toMatchObject({
    interval: 'MONTHLY',
    price: five,
    card: { brand: 'visa', last4: '4242' },
    openInvoice: null,
    nextPayment: { at: membership.currentPeriodEnd?.toISOString(), amount: five },
    change: null,
    invoices: [{ status: 'PAID', total: five, url: expect.stringContaining('http://localhost:') }],
  })
})

test('refuses anonymous readers and disabled members', async () => {
  const anonymous = await billingApp.ask('mutation { cancelMembership { id } redeemGift(code: "x") { startedAt } }')
  expect(anonymous.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  const buyer = await billingApp.buyer()
  await db.member.update({ where: { id: buyer.id }, data: { disabledAt: new Date(), standingChangedAt: new Date() } })
  expect(refusal(await startCheckout(buyer, supporter.slug))).toEqual(['ACCOUNT_DISABLED', 'This account is disabled.'])
})

test('without the provider, purchases fail and its fields are null', async () => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, supporter.slug)
  const [ask, other] = [{ token: buyer.token }, { token: (await billingApp.buyer()).token }]
  const checkout = `mutation { startCheckout(plan: "${supporter.slug}", interval: MONTHLY, returnTo: "/") { url } }`
  const unavailable = ['SERVICE_UNAVAILABLE', 'The payment provider cannot be reached at the moment. Try again.']
  for (const answer of [await away.ask(checkout, other), await away.ask('mutation { cancelMembership { id } }', ask)]) {
    expect(refusal(answer)).toEqual(unavailable)
    expect(answer.status).toBe(503)
  }
  const query =
    '{ viewer { billing { interval card { last4 } nextPayment { at } openInvoice { id } invoices { id } } } }'
  const page = await away.ask(query, ask)
  expect(page.errors).toBeUndefined()
  expect(page.data.viewer.billing).toEqual({
    interval: 'MONTHLY',
    card: null,
    nextPayment: null,
    openInvoice: null,
    invoices: null,
  })
  const logged = away.logs.join('')
  expect(logged).toContain('the payment provider could not be asked for the card')
  expect(logged).not.toMatch(/sk_test|127\.0\.0\.1:9/)
})

test('repeated fields cause at most two requests to the provider', async () => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, supporter.slug)
  const sizes = [0, 1, 2, 23, 24, 99].map((index) => `i${index}: invoices(first: ${index + 1}) { id }`)
  const questions = () => away.logs.join('').match(/asked for \d+ invoices/g)?.length ?? 0
  const before = questions()
  const { errors } = await away.ask(`{ viewer { billing { ${sizes.join(' ')} } } }`, { token: buyer.token })
  expect([errors, questions() - before]).toEqual([undefined, 2])
  const { customerId } = await db.billingCustomer.findFirstOrThrow({ where: { memberId: buyer.id, goneAt: null } })
  await billingApp.pass(32 * 86_400_000)
  expect((await billingApp.stripe.invoices.list({ customer: customerId })).data).toHaveLength(2)
  const own = await buyer.ask(
    '{ viewer { billing { one: invoices(first: 1) { createdAt } all: invoices(first: 100) { createdAt } } } }',
  )
  const [latest, first] = own.data.viewer.billing.all
  expect(own.data.viewer.billing.one).toEqual([latest])
  expect(latest.createdAt > first.createdAt).toBe(true)
})
