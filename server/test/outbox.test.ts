import { expect, test } from '@jest/globals'
import Stripe from 'stripe'
import { createOutbox, receiveEvent } from '../src/billing/index.ts'
import { endTask, putOffTask, takeTask, type TakenTask } from '../src/billing/outbox/commands.ts'
import type { Database } from '../src/db/index.ts'
import { createClock } from '../src/lib/clock.ts'
import { testDatabase } from './support/database.ts'
import { charge, event, id, invoice, invoicePayment, subscription } from './support/provider-events.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// What a transaction decided to do at the payment provider is done at least once, by any process.

const db = await testDatabase()
const plan = await makePricedPlan(db)
const day = 86_400
const start = 1_790_000_000
let wall = Date.now()
const clock = { ...createClock(), wall: () => new Date(wall) }
const receive = (payload: unknown) =>
  receiveEvent(db, payload, { graceMilliseconds: 0, livemode: false, receivedAt: new Date(wall), now: new Date(wall) })

/** A subscription whose payment was taken back: it is to be cancelled. */
async function takenBack() {
  await db.billingTask.deleteMany({})
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
    /** News that cannot be understood. */
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

/** A provider that remembers what it was asked to cancel, and fails as often as it is told. */
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

function outboxOf(stripe: Stripe) {
  const told: string[] = []
  const onDone = () => void told.push('done')
  const onFailure = (error: unknown) => void told.push(error instanceof Error ? error.message : String(error))
  return { told, ...createOutbox({ db, stripe, clock, onDone, onFailure }) }
}
const waiting = () => db.billingTask.count()
const away = () => new Stripe.errors.StripeConnectionError({ message: 'away', type: 'api_error' })

test('a refund writes the cancellation down, and it is done once', async () => {
  const { subscriptionId, receipt } = await takenBack()
  expect(receipt).toMatchObject({ outcome: 'applied', tasks: 1 })
  expect(await waiting()).toBe(1)
  const { stripe, cancelled } = provider()
  const outbox = outboxOf(stripe)
  await outbox.drain()
  await outbox.drain()
  expect([cancelled, outbox.told, await waiting()]).toEqual([[subscriptionId], ['done'], 0])
})

test('of two processes one does it', async () => {
  const { subscriptionId } = await takenBack()
  const { stripe, cancelled } = provider()
  await Promise.all([outboxOf(stripe).drain(), outboxOf(stripe).drain()])
  expect(cancelled).toEqual([subscriptionId])
})

test('while the provider is away it is tried again, later and later', async () => {
  const { subscriptionId } = await takenBack()
  const { stripe, cancelled } = provider([away(), away()])
  const outbox = outboxOf(stripe)
  for (const seconds of [0, 1, 1, 3, 1]) {
    wall += seconds * 1000
    await outbox.drain()
  }
  expect(cancelled).toEqual([subscriptionId])
  expect(outbox.told).toEqual([
    expect.stringContaining('cannot be reached'),
    expect.stringContaining('cannot be reached'),
    'done',
  ])
})

test('a task that was taken by a process that is gone is done by another after its lease', async () => {
  const { subscriptionId } = await takenBack()
  const never = provider()
  const gone = { subscriptions: { ...never.stripe.subscriptions, retrieve: () => new Promise(() => undefined) } }
  void outboxOf(gone as unknown as Stripe).drain()
  while ((await db.billingTask.findUniqueOrThrow({ where: { subscriptionId } })).attempts === 0);
  const { stripe, cancelled } = provider()
  await outboxOf(stripe).drain()
  expect(cancelled).toEqual([])
  wall += 60_000
  await outboxOf(stripe).drain()
  expect(cancelled).toEqual([subscriptionId])
})

test('what is over at the provider is found done', async () => {
  await takenBack()
  const { stripe, cancelled } = provider([], 'canceled')
  await outboxOf(stripe).drain()
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
])('%s keeps the task and is told', async (_title, error) => {
  const { subscriptionId } = await takenBack()
  const refused = outboxOf(fault(error) as unknown as Stripe)
  await refused.drain()
  expect([refused.told, await waiting()]).toEqual([[expect.stringContaining(error.type)], 1])
  wall += 300_000
  const { stripe, cancelled } = provider()
  await outboxOf(stripe).drain()
  expect(cancelled).toEqual([subscriptionId])
})

test('a subscription that does not exist at the provider is found done', async () => {
  await takenBack()
  const error = new Stripe.errors.StripeInvalidRequestError(raw('resource_missing', 'No such subscription'))
  await outboxOf(fault(error) as unknown as Stripe).drain()
  expect(await waiting()).toBe(0)
})

test('whoever has paid again is not cancelled', async () => {
  const { renew } = await takenBack()
  await renew()
  const { stripe, cancelled } = provider()
  await outboxOf(stripe).drain()
  expect([cancelled, await waiting()]).toEqual([[], 0])
})

test('nothing is taken after a stop', async () => {
  await takenBack()
  const { stripe, cancelled } = provider()
  const outbox = outboxOf(stripe)
  await outbox.stop()
  await outbox.drain()
  expect([cancelled, await waiting()]).toEqual([[], 1])
})

test('news that are not understood leave the task of their subscription', async () => {
  const { subscriptionId, confuse } = await takenBack()
  expect(await confuse()).toMatchObject({ outcome: 'pending' })
  const { stripe, cancelled } = provider()
  await outboxOf(stripe).drain()
  expect(cancelled).toEqual([subscriptionId])
})

test.each<[string, (db: Database, task: TakenTask) => Promise<void>]>([
  ['is done with', endTask],
  ['has failed with', (of, task) => putOffTask(of, task, new Date(wall))],
])('what a process %s after its lease leaves the task of the next process alone', async (_what, finish) => {
  const { subscriptionId } = await takenBack()
  const first = await takeTask(db, new Date(wall))
  // Decided on anew meanwhile: the tries begin again.
  wall += 60_000
  await db.billingTask.update({ where: { subscriptionId }, data: { attempts: 0, dueAt: new Date(wall) } })
  const second = await takeTask(db, new Date(wall))
  const before = await db.billingTask.findUnique({ where: { subscriptionId } })
  if (first === null || second === null) throw new Error('no task is due')
  expect(second.attempts).toBe(first.attempts)
  await finish(db, first)
  expect(await db.billingTask.findUnique({ where: { subscriptionId } })).toEqual(before)
  await finish(db, second)
  expect(await db.billingTask.findUnique({ where: { subscriptionId } })).not.toEqual(before)
})

test('a stop does not wait for a provider that does not answer', async () => {
  await takenBack()
  const never = { subscriptions: { retrieve: () => new Promise(() => undefined) } } as unknown as Stripe
  const outbox = outboxOf(never)
  void outbox.drain()
  await outbox.stop()
  expect([outbox.told, await waiting()]).toEqual([[], 1])
})
