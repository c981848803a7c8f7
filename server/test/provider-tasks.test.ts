import { expect, test } from '@jest/globals'
import Stripe from 'stripe'
import { createProviderTaskHandler, receiveEvent } from '../src/billing/index.ts'
import { storeTasks } from '../src/billing/provider-tasks/commands.ts'
import { testDatabase } from './support/database.ts'
import { drainJobs, passForJobs } from './support/drain-jobs.ts'
import { charge, event, id, invoice, invoicePayment, subscription } from './support/provider-events.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Calls to the payment provider that a transaction has stored are made at least once, by any process.

const db = await testDatabase()
const plan = await makePricedPlan(db)
const day = 86_400
const start = 1_790_000_000
const receive = (payload: unknown) =>
  receiveEvent(db, payload, { graceMilliseconds: 0, livemode: false, receivedAt: new Date(), now: new Date() })

/** Creates a subscription whose payment was refunded, so that it must be cancelled. */
async function takenBack() {
  await db.billingTask.deleteMany({})
  await db.$executeRaw`DELETE FROM pgboss.job`
  const { customer } = await makeCustomer(db, 'https://issuer.test/')
  const [subscriptionId, invoiceId, payment] = [id('sub'), id('in'), id('pi')]
  const about = { id: subscriptionId, customer, price: plan.price, start, periodEnd: start + 30 * day }
  const paid = (of: string, by: string, from: number) => [
    event(
      'invoice.paid',
      invoice({ id: of, customer, subscription: subscriptionId, start: from, end: from + 30 * day }),
      { created: from },
    ),
    event('invoice_payment.paid', invoicePayment(of, by), { created: from }),
  ]
  await receive(event('customer.subscription.created', subscription(about), { created: start }))
  for (const news of paid(invoiceId, payment, start)) await receive(news)
  const receipt = await receive(event('charge.refunded', charge(customer, payment, 500, 500), { created: start + day }))
  return {
    subscriptionId,
    receipt,
    /** Delivers an event that cannot be applied. */
    confuse: () =>
      receive(
        event('customer.subscription.updated', subscription({ ...about, price: 'price_of_nobody' }), {
          created: start + 2 * day,
        }),
      ),
    async renew() {
      const period = { periodStart: start + 30 * day, periodEnd: start + 60 * day }
      await receive(
        event('customer.subscription.updated', subscription({ ...about, ...period }), { created: start + 30 * day }),
      )
      for (const news of paid(id('in'), id('pi'), start + 30 * day)) await receive(news)
    },
  }
}

/** Creates a provider double that records cancellations and fails with each of the given errors first. */
function provider(faults: Error[] = [], status = 'active') {
  const cancelled: string[] = []
  const retrieve = async (of: string) => ({
    id: of,
    status: cancelled.includes(of) ? 'canceled' : status,
    customer: 'cus',
    schedule: null,
    cancel_at: null,
    cancel_at_period_end: false,
    items: { data: [{ id: 'si_1', price: { id: 'price_1' } }] },
  })
  const cancel = async (of: string) => {
    const fault = faults.shift()
    if (fault) throw fault
    cancelled.push(of)
    return retrieve(of)
  }
  return { cancelled, stripe: { subscriptions: { retrieve, cancel } } as unknown as Stripe }
}

const drain = (stripe: Stripe) => drainJobs([createProviderTaskHandler(db, stripe)])
const waiting = () => db.billingTask.count()
const away = () => new Stripe.errors.StripeConnectionError({ message: 'away', type: 'api_error' })

test('a refund stores a cancellation, which is made once', async () => {
  const { subscriptionId, receipt } = await takenBack()
  expect(receipt).toMatchObject({ outcome: 'applied', tasks: 1 })
  expect(await waiting()).toBe(1)
  const { stripe, cancelled } = provider()
  const outcomes = [...(await drain(stripe)), ...(await drain(stripe))]
  expect([cancelled, outcomes, await waiting()]).toEqual([[subscriptionId], ['done'], 0])
})

test('only one of two processes makes the call', async () => {
  const { subscriptionId } = await takenBack()
  const { stripe, cancelled } = provider()
  await Promise.all([drain(stripe), drain(stripe)])
  expect(cancelled).toEqual([subscriptionId])
})

test('retries with growing pauses while the provider is unavailable', async () => {
  const { subscriptionId } = await takenBack()
  const { stripe, cancelled } = provider(Array.from({ length: 10 }, away))
  const pauses: number[] = []
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    expect(await drain(stripe)).toEqual([expect.stringContaining('cannot be reached')])
    const [job] = await db.$queryRaw<{ pause: number }[]>`
      SELECT extract(epoch FROM start_after - now())::float AS pause FROM pgboss.job WHERE state = 'retry'`
    pauses.push(job?.pause ?? 0)
    expect(await drain(stripe)).toEqual([])
    await passForJobs(db, 300)
  }
  // 2 to 4 seconds, then 4 to 8, and so on. A part has passed when the test reads them.
  for (const [index, pause] of pauses.entries()) {
    expect(pause).toBeLessThanOrEqual(Math.min(2 ** (index + 2), 300))
    expect(pause).toBeGreaterThan(Math.min(2 ** (index + 1), 300) - 1)
  }
  expect([await drain(stripe), cancelled]).toEqual([['done'], [subscriptionId]])
})

test('the next job runs a task that replaced a running one', async () => {
  const { subscriptionId } = await takenBack()
  const { stripe, cancelled } = provider()
  const { retrieve } = stripe.subscriptions
  let decided = false
  stripe.subscriptions.retrieve = async (of: string) => {
    if (!decided) {
      decided = true
      // Paid again and refunded again.
      await db.billingTask.delete({ where: { subscriptionId } })
      await db.$transaction((tx) =>
        storeTasks(tx, [{ subscriptionId, customerId: 'cus', task: { kind: 'CANCEL' } }], new Date()),
      )
    }
    return retrieve(of)
  }
  expect([await drain(stripe), decided, await waiting()]).toEqual([['done', 'done'], true, 0])
  // The second job finds the subscription cancelled.
  expect(cancelled).toEqual([subscriptionId])
})

test('a subscription that has ended at the provider is done', async () => {
  await takenBack()
  const { stripe, cancelled } = provider([], 'canceled')
  await drain(stripe)
  expect([cancelled, await waiting()]).toEqual([[], 0])
})

const fault = (error: Stripe.errors.StripeError) => ({
  subscriptions: { retrieve: async () => Promise.reject(error) },
})
const raw = (code: string, message = 'no') => ({ type: 'invalid_request_error', code, message }) as never

test.each([
  ['a wrong key', new Stripe.errors.StripeAuthenticationError(raw('api_key_expired'))],
  ['a key that may not read it', new Stripe.errors.StripePermissionError(raw('more_permissions_required'))],
  ['a request that is refused', new Stripe.errors.StripeInvalidRequestError(raw('parameter_unknown'))],
  [
    'a key of the other mode',
    new Stripe.errors.StripeInvalidRequestError(
      raw(
        'resource_missing',
        'No such subscription; a similar object exists in live mode, but a test mode key was used.',
      ),
    ),
  ],
])('%s keeps the task and is reported', async (_title, error) => {
  const { subscriptionId } = await takenBack()
  const outcomes = await drain(fault(error) as unknown as Stripe)
  expect([outcomes, await waiting()]).toEqual([[expect.stringContaining(error.type)], 1])
  await passForJobs(db, 300)
  const { stripe, cancelled } = provider()
  await drain(stripe)
  expect(cancelled).toEqual([subscriptionId])
})

test('a repeated decision revives a dead task', async () => {
  const { subscriptionId } = await takenBack()
  await db.$executeRaw`UPDATE pgboss.job SET retry_limit = 0`
  const { stripe, cancelled } = provider([away()])
  expect(await drain(stripe)).toEqual([expect.stringContaining('cannot be reached')])
  expect(await drain(stripe)).toEqual([])
  await db.$transaction((tx) =>
    storeTasks(tx, [{ subscriptionId, customerId: 'cus', task: { kind: 'CANCEL' } }], new Date()),
  )
  expect(await drain(stripe)).toEqual(['done'])
  expect(cancelled).toEqual([subscriptionId])
})

test('a subscription that the provider does not have is done', async () => {
  await takenBack()
  const error = new Stripe.errors.StripeInvalidRequestError(raw('resource_missing', 'No such subscription'))
  await drain(fault(error) as unknown as Stripe)
  expect(await waiting()).toBe(0)
})

test('does not cancel a member who has paid again', async () => {
  const { renew } = await takenBack()
  await renew()
  const { stripe, cancelled } = provider()
  await drain(stripe)
  expect([cancelled, await waiting()]).toEqual([[], 0])
})

test('an event that cannot be applied keeps the task', async () => {
  const { subscriptionId, confuse } = await takenBack()
  expect(await confuse()).toMatchObject({ outcome: 'pending' })
  const { stripe, cancelled } = provider()
  await drain(stripe)
  expect(cancelled).toEqual([subscriptionId])
})
