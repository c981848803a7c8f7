import { expect, test } from '@jest/globals'
import { comparison, createComparisonHandler } from '../src/billing/index.ts'
import { enqueue } from '../src/jobs/index.ts'
import { testDatabase } from './support/database.ts'
import { drainJobs, passForJobs } from './support/drain-jobs.ts'
import { freePort } from './support/free-ports.mjs'
import { startProvider } from './support/provider.ts'
import { createClock } from '../src/lib/clock.ts'

// A daily job compares the stored memberships with the payment provider.

const db = await testDatabase()
const { stripe } = await startProvider(await freePort(), null)

test('a difference that a recheck confirms is reported', async () => {
  const reports: [number, readonly string[]][] = []
  const compare = createComparisonHandler({
    db,
    stripe,
    clock: createClock(),
    graceMilliseconds: 0,
    livemode: false,
    onCompared: (count, examples) => void reports.push([count, examples]),
  })
  const look = async () => {
    await enqueue(db, comparison, { isRecheck: false })
    return drainJobs([compare])
  }
  expect([await look(), reports]).toEqual([['done'], [[0, []]]])

  const customer = await stripe.customers.create({})
  const { id } = await stripe.products.create({ name: 'Supporter' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: id, currency: 'eur', unit_amount: 500, recurring })
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  const fields = { customer: customer.id, default_payment_method: method.id, items: [{ price: price.id }] }
  await stripe.subscriptions.create(fields)
  expect([await look(), reports.length]).toEqual([['done'], 1])
  await passForJobs(db, 300)
  expect(await drainJobs([compare])).toEqual(['done'])
  expect(reports).toEqual([
    [0, []],
    [
      expect.any(Number),
      expect.arrayContaining([expect.stringMatching(/^customer.subscription.created .* never arrived$/)]),
    ],
  ])
  expect(reports[1]?.[0]).toBeGreaterThan(0)
})
