import { afterEach, expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { refusal, startCheckout, startBillingApp, subscribe, type Buyer } from './support/billing-app.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'

// A payment provider that is unavailable, silent or slow: one time budget per request, a retryable error, and no duplicates.

const billingApp = await startBillingApp()
const { db, stripe } = billingApp
const { hostname, port } = new URL(billingApp.provider)
const proxy = await startTcpProxy({ host: hostname, port: Number(port), slowMilliseconds: 800 })
/** A second process whose connection to the provider fails, with a short time budget. */
const far = await startTestApp({
  beside: billingApp,
  env: { STRIPE_API_BASE: `http://127.0.0.1:${proxy.port}` },
  providerBudgetMilliseconds: 1_200,
})
const [plan] = await billingApp.sell({ monthly: 500 })
const slug = plan?.slug ?? ''
afterEach(() => proxy.set('none'))

const throughProxy = ({ token }: Buyer): Buyer =>
  ({ token, ask: (query, variables = {}) => far.ask(query, { token, variables }) }) as Buyer

const outage = ['SERVICE_UNAVAILABLE', 'The payment provider cannot be reached at the moment. Try again.']

async function begunBy(buyer: Buyer) {
  const { customerId } = await db.billingCustomer.findFirstOrThrow({
    where: { memberId: buyer.id, goneAt: null },
  })
  const { data } = await stripe.checkout.sessions.list({ customer: customerId, status: 'open' })
  const customers = await stripe.customers.search({ query: `metadata['memberId']:'${buyer.id}'` }).catch(() => null)
  return { urls: data.map(({ url }) => url), customers: customers?.data.length ?? 1 }
}

test.each(['refused', 'reset', 'silent', 'slow', 'flapping'] as const)(
  'a retried checkout on a network that is %s exists once',
  async (fault) => {
    const buyer = await billingApp.buyer()
    await proxy.set(fault)
    const first = await startCheckout(throughProxy(buyer), slug)
    if (fault === 'flapping' && first.status === 200) expect(first.errors).toBeUndefined()
    else {
      expect([first.status, ...refusal(first)]).toEqual([503, ...outage])
      expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    await proxy.set('none')
    const again = await startCheckout(buyer, slug)
    expect(again.errors).toBeUndefined()
    expect(await begunBy(buyer)).toEqual({ urls: [again.data.startCheckout.url], customers: 1 })
  },
)

test('two mutations of a request share its time budget', async () => {
  const buyer = await billingApp.buyer()
  await proxy.set('silent')
  const before = proxy.connections()
  const one = `startCheckout(plan: "${slug}", interval: MONTHLY, returnTo: "/account/") { url }`
  const { status, errors } = await throughProxy(buyer).ask(`mutation { a: ${one} b: ${one} }`)
  expect(status).toBe(503)
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'])
  // The second mutation sent no request. The first may have used an open connection.
  expect(proxy.connections() - before).toBeLessThanOrEqual(1)
})

test('fields of a silent provider are null, others are served', async () => {
  const buyer = await billingApp.buyer()
  await subscribe(billingApp, buyer, slug)
  await proxy.set('silent')
  const { status, data, errors } = await throughProxy(buyer).ask(
    '{ viewer { id billing { card { last4 } invoices { id } } } }',
  )
  expect([status, errors]).toEqual([200, undefined])
  expect(data.viewer).toEqual({ id: buyer.id, billing: { card: null, invoices: null } })
})
