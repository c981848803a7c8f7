import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { storeTasks } from '../src/billing/provider-tasks/commands.ts'
import { testDatabase } from './support/database.ts'
import { freePort } from './support/free-ports.mjs'
import { startProvider } from './support/provider.ts'
import { eventually } from './support/eventually.ts'
import { ended, startWorker } from './support/server-process.ts'

// Workers are killed with SIGKILL at random points. Every job still has exactly one effect.

const db = await testDatabase()
const port = await freePort()
const { stripe } = await startProvider(port, null)
const jobs = 200
const kills = 4
const seed = Date.now() % 1_000_000

/** Creates paid subscriptions of one customer. */
async function subscriptions(): Promise<string[]> {
  const product = await stripe.products.create({ name: 'Supporter' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 500, recurring })
  const customer = await stripe.customers.create({})
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  const fields = { customer: customer.id, default_payment_method: method.id, items: [{ price: price.id }] }
  const made: string[] = []
  for (let count = 0; count < jobs; count += 1) made.push((await stripe.subscriptions.create(fields)).id)
  return made
}

/** Counts the cancellations of each subscription at the provider. */
async function cancellations(): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const { data } of stripe.events.list({ type: 'customer.subscription.deleted', limit: 100 })) {
    const { id } = data.object as { id: string }
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

test(`${kills} kills during ${jobs} jobs (seed ${seed}): one effect each`, async () => {
  const settings = { PAYMENTS_PORT: String(port), LOG_LEVEL: 'error' }
  const ids = await subscriptions()
  await db.$transaction((tx) =>
    storeTasks(
      tx,
      ids.map((subscriptionId) => ({ subscriptionId, customerId: 'cus', task: { kind: 'CANCEL' } })),
      new Date(),
    ),
  )
  // Each kill comes a random number of cancellations and milliseconds after the previous one, so between any statements or calls.
  const plan = fc.sample(fc.tuple(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 0, max: 30 })), {
    numRuns: kills,
    seed,
  })
  let worker = await startWorker(settings)
  let killedAfter = 0
  let interrupted = 0
  for (const [more, milliseconds] of plan) {
    killedAfter = Math.min(killedAfter + more, jobs - 1)
    await eventually(
      async () => (await cancellations()).size,
      (done) => done >= killedAfter,
      10,
    )
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    const gone = ended(worker.child)
    worker.child.kill('SIGKILL')
    await gone
    // Skips the wait for the heartbeat to be missed.
    interrupted += await db.$executeRaw`
      UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`
    worker = await startWorker(settings)
  }
  await eventually(
    () => db.billingTask.count(),
    (count) => count === 0,
  )
  expect(interrupted).toBeGreaterThan(0)
  expect(await cancellations()).toEqual(new Map(ids.map((id) => [id, 1])))
  const left = () =>
    db.$queryRaw<
      unknown[]
    >`SELECT name, state, output FROM pgboss.job WHERE state <> 'completed' AND name <> 'billing.compare'`
  expect(await eventually(left, ({ length }) => length === 0)).toEqual([])
}, 180_000)
