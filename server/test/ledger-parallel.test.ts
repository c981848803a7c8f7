import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// The local database takes transactions in turn; on a real PostgreSQL (TEST_DATABASE_URL) these are races.

const app = await startTestApp({ env: { DATABASE_POOL_MAX: '4' } })
const plan = await makePricedPlan(app.db)
const start = seconds(new Date()) - 86_400

/** As the provider does: what is answered with 503, as the local database makes the last of many wait too long, comes again. */
async function deliverUntilKept(news: Parameters<typeof deliver>[1]): ReturnType<typeof deliver> {
  const answer = await deliver(app, news)
  return answer.status === 503 ? deliverUntilKept(news) : answer
}

test('W07 the same event 50 times in parallel: one row, one change', async () => {
  const { member, customer } = await makeCustomer(app.db, app.issuer.url)
  const object = subscription({ id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 })
  const created = event('customer.subscription.created', object, { created: start })
  const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(app, created)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200))
  const outcomes = answers.map(({ text }) => (JSON.parse(text) as { outcome: string }).outcome)
  expect(outcomes.filter((outcome) => outcome !== 'duplicate')).toEqual(['applied'])
  expect(await app.db.billingEvent.count({ where: { id: created.id } })).toBe(1)
  expect(await app.db.membershipChange.count({ where: { memberId: member.id } })).toBe(1)
})

test('all news of one customer in parallel end in one state', async () => {
  const { member, customer } = await makeCustomer(app.db, app.issuer.url)
  const object = subscription({ id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 })
  const news = Array.from({ length: 20 }, (_, index) =>
    event(
      'customer.subscription.updated',
      { ...object, cancel_at_period_end: index % 2 === 1 },
      { created: start + 1 + index },
    ),
  )
  const answers = await Promise.all(news.map(deliverUntilKept))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(await heldBy(app.db, member.id)).toMatchObject([{ status: 'ACTIVE', cancelAtPeriodEnd: true }])
})
