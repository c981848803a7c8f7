import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Concurrent deliveries. On the local database transactions run one after the other.

const app = await startTestApp({ env: { DATABASE_POOL_MAX: '4' } })
const plan = await makePricedPlan(app.db)
const start = seconds(new Date()) - 86_400

/** Delivers an event until it is accepted, as the provider does. On the local database the last of many time out with 503. */
async function deliverUntilKept(news: Parameters<typeof deliver>[1]): ReturnType<typeof deliver> {
  const answer = await deliver(app, news)
  return answer.status === 503 ? deliverUntilKept(news) : answer
}

test('W07 an event delivered 50 times concurrently is applied once', async () => {
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

test('concurrent events of a customer lead to one state', async () => {
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
