import { afterAll, afterEach, expect, test } from '@jest/globals'
import { connectDatabase } from '../src/db/index.ts'
import { startTestApp } from './support/app.ts'
import { startDatabaseProxy, type Fault } from './support/database-proxy.ts'
import { testDatabase } from './support/database.ts'
import { startTestIssuer } from './support/issuer.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { ended, startServer } from './support/server-process.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Rows W14 to W16 of docs/threats.md: an event counts once, whatever fails between the delivery, the server and the database.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const proxy = await startDatabaseProxy()
afterEach(() => proxy.set('none'))
const behind = connectDatabase({ url: proxy.url, poolMax: 4, onConnectionLost: () => undefined })
afterAll(() => behind.$disconnect())
const app = await startTestApp({ beside: { db: behind, issuer } })
const plan = await makePricedPlan(db)

async function firstNews() {
  const { member, customer } = await makeCustomer(db, issuer.url)
  const start = seconds(new Date()) - 86_400
  const periodEnd = start + 30 * 86_400
  const object = subscription({ id: id('sub'), customer, price: plan.price, start, periodEnd })
  return { member, created: event('customer.subscription.created', object, { created: start }) }
}
type News = Awaited<ReturnType<typeof firstNews>>

const standing = async ({ member, created }: News) => ({
  rows: await db.billingEvent.count({ where: { id: created.id } }),
  held: (await heldBy(db, member.id)).length,
  changes: await db.membershipChange.count({ where: { memberId: member.id } }),
})
const nothing = { rows: 0, held: 0, changes: 0 }
const once = { rows: 1, held: 1, changes: 1 }

test.each<[Fault]>([['refused'], ['reset'], ['lostBeforeCommit']])(
  'W14 while the database is %s, a delivery is 503 and not stored',
  async (fault) => {
    const news = await firstNews()
    await proxy.set(fault)
    const refused = await deliver(app, news.created)
    expect(refused.status).toBe(503)
    expect(refused.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }])
    await proxy.set('none')
    expect(await standing(news)).toEqual(nothing)
    const again = await deliver(app, news.created)
    expect([again.status, JSON.parse(again.text)]).toEqual([200, { received: true, outcome: 'applied' }])
    expect(await standing(news)).toEqual(once)
  },
)

test('W16 a silent database is 503 within five seconds', async () => {
  const news = await firstNews()
  await proxy.set('unanswered')
  const before = Date.now()
  const { status } = await deliver(app, news.created)
  const took = Date.now() - before
  // Data that was held back is lost with its connection.
  await proxy.set('refused')
  await proxy.set('none')
  expect(status).toBe(503)
  expect(took).toBeLessThan(5_000)
  const again = await deliver(app, news.created)
  expect(again.status).toBe(200)
  expect(await standing(news)).toEqual(once)
}, 60_000)

test.each<[string, Fault, object, string]>([
  ['between the insert and the commit', 'heldBeforeCommit', nothing, 'applied'],
  ['between the commit and the response', 'heldAfterCommit', once, 'duplicate'],
])(
  'W15 killed %s: the event counts once after a restart',
  async (_title, fault, left, outcome) => {
    const news = await firstNews()
    const settings = { DATABASE_URL: proxy.url, DATABASE_LISTEN_URL: proxy.url, LOG_LEVEL: 'error' }
    const killed = await startServer(issuer, settings)
    await proxy.set(fault)
    const answer = deliver(killed, news.created).catch(() => null)
    await proxy.happened()
    const gone = ended(killed.child)
    killed.child.kill('SIGKILL')
    await gone
    await proxy.set('none')
    expect(await answer).toBeNull()
    expect(await standing(news)).toEqual(left)
    const again = await deliver(await startServer(issuer, settings), news.created)
    expect([again.status, JSON.parse(again.text)]).toEqual([200, { received: true, outcome }])
    expect(await standing(news)).toEqual(once)
  },
  120_000,
)
