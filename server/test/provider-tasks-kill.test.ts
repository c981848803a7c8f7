import { afterAll, expect, test } from '@jest/globals'
import type Stripe from 'stripe'
import { receiveEvent } from '../src/billing/index.ts'
import { startDatabaseProxy } from './support/database-proxy.ts'
import { testDatabase } from './support/database.ts'
import { makeMember } from './support/factories.ts'
import { freePort } from './support/free-ports.mjs'
import { startTestIssuer } from './support/issuer.ts'
import { startProvider } from './support/provider.ts'
import { eventually } from './support/eventually.ts'
import { ended, startServer } from './support/server-process.ts'
import { deliver, makePricedPlan } from './support/webhooks.ts'

// A process is killed after the commit of a refund and before its call to the provider. Another process cancels the subscription.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const proxy = await startDatabaseProxy()
const paymentsPort = await freePort()
// The test delivers the events.
const { stripe } = await startProvider(paymentsPort, null)

/** Creates a paid subscription and refunds it. @returns the event of the refund, not yet delivered */
async function refunded(): Promise<{ readonly subscriptionId: string; readonly news: Stripe.Event }> {
  const product = await stripe.products.create({ name: 'Supporter' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 500, recurring })
  const plan = await makePricedPlan(db)
  await db.billingPrice.update({ where: { priceId: plan.price }, data: { priceId: price.id } })
  const customer = await stripe.customers.create({})
  const { id: memberId } = await makeMember(db, { issuer: issuer.url })
  await db.billingCustomer.create({ data: { customerId: customer.id, memberId, createdAt: new Date() } })
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  const fields = { customer: customer.id, default_payment_method: method.id, items: [{ price: price.id }] }
  const { id: subscriptionId } = await stripe.subscriptions.create(fields)
  const now = new Date()
  for (const event of (await stripe.events.list({ limit: 100 })).data.reverse()) {
    await receiveEvent(db, event, { graceMilliseconds: 0, livemode: false, receivedAt: now, now })
  }
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data
  await stripe.refunds.create({ charge: charge?.id ?? '' })
  const [news] = (await stripe.events.list({ type: 'charge.refunded', limit: 1 })).data
  if (!news) throw new Error('there is no event of the refund')
  return { subscriptionId, news }
}

const statusOf = async (subscriptionId: string): Promise<string> =>
  (await stripe.subscriptions.retrieve(subscriptionId)).status

test.each([
  ['started afterwards', false],
  ['running all the time', true],
])(
  'after a kill, a process that is %s cancels at the provider',
  async (_title, isAlive) => {
    const { subscriptionId, news } = await refunded()
    const settings = { PAYMENTS_PORT: String(paymentsPort), LOG_LEVEL: 'error' }
    if (isAlive) await startServer(issuer, settings)
    const killed = await startServer(issuer, { ...settings, DATABASE_URL: proxy.url, DATABASE_LISTEN_URL: proxy.url })
    await proxy.set('heldAfterCommit')
    const answer = deliver(killed, JSON.stringify(news)).catch(() => null)
    await proxy.happened()
    const gone = ended(killed.child)
    killed.child.kill('SIGKILL')
    await gone
    await proxy.set('none')
    expect(await answer).toBeNull()
    expect(await db.billingEvent.findUnique({ where: { id: news.id } })).toMatchObject({ outcome: 'APPLIED' })
    if (!isAlive) {
      expect(await statusOf(subscriptionId)).toBe('active')
      expect(await db.billingTask.findUnique({ where: { subscriptionId } })).toMatchObject({ kind: 'CANCEL' })
      await startServer(issuer, settings)
    }
    const canceled = await eventually(
      () => statusOf(subscriptionId),
      (status) => status === 'canceled',
    )
    expect(canceled).toBe('canceled')
    await eventually(
      () => db.billingTask.count({ where: { subscriptionId } }),
      (count) => count === 0,
    )
  },
  120_000,
)
