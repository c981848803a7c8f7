import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import { listenForChanges } from '../src/db/index.ts'
import { setDisabled } from '../src/members/index.ts'
import { grantMembership, memberChangedChannel, revokeMembership } from '../src/membership/index.ts'
import { startTestApp } from './support/app.ts'
import { testDatabaseUrl } from './support/database.ts'
import { makeMember, makeMembership, makePlan, unique } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { openStream } from './support/stream.ts'

// A committed change reaches the open streams of every process through the database's notifications.

const app = await startTestApp()
const other = await startTestApp({ beside: app })
const { db, issuer } = app
let listening = 0
const feeds = [app, other].map(({ changes }) =>
  listenForChanges({
    connection: { connectionString: testDatabaseUrl() },
    channels: [memberChangedChannel],
    onChange: (_channel, memberId) => changes.publish(memberId),
    onConnected: () => {
      listening += 1
      changes.publishAll()
    },
    onLost: () => undefined,
  }),
)
afterAll(() => Promise.all(feeds.map((feed) => feed.stop())))

async function follow() {
  await eventually(() => listening === 2)
  const { id, subject } = await makeMember(db, { issuer: issuer.url })
  const token = issuer.sign({ sub: subject })
  const streams = await Promise.all([openStream(app, { token }), openStream(other, { token })])
  await Promise.all(streams.map((stream) => stream.next()))
  return { id, streams, next: () => Promise.all(streams.map((stream) => stream.next())) }
}

/** Changes another member and waits for that event. Events of earlier changes have arrived by then. */
async function tellAnother(): Promise<void> {
  const { id, next } = await follow()
  await makeMembership(db, id, (await makePlan(db)).id)
  await next()
}

test('both processes send a grant and a revocation', async () => {
  const { id, next } = await follow()
  const plan = await makePlan(db)
  await grantMembership(db, { memberId: id, planSlug: plan.slug, until: null }, 'test', new Date())
  for (const { data } of await next()) {
    expect(data.viewerChanged.membership).toEqual({ status: 'ACTIVE', plan: { slug: plan.slug } })
  }
  await revokeMembership(db, { memberId: id }, 'test', new Date())
  for (const { data } of await next()) expect(data.viewerChanged.membership.status).toBe('ENDED')
})

test('a transaction is one event, a rolled-back one is none', async () => {
  const { id, streams, next } = await follow()
  const plans = [await makePlan(db), await makePlan(db)]
  const give = (tx: Parameters<Parameters<typeof db.$transaction>[0]>[0]) =>
    tx.membership.createMany({
      data: plans.map(({ id: planId }) => ({
        id: crypto.randomUUID(),
        memberId: id,
        planId,
        status: 'ACTIVE' as const,
        source: 'COMPLIMENTARY' as const,
        startedAt: new Date(),
        changedAt: new Date(),
        changeCause: 'test',
      })),
    })
  const undone = db.$transaction(async (tx) => {
    await give(tx)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await tellAnother()
  expect(streams.map((stream) => stream.pending())).toEqual([0, 0])
  await db.$transaction(async (tx) => void (await give(tx)))
  await next()
  await tellAnother()
  expect(streams.map((stream) => stream.pending())).toEqual([0, 0])
})

test('the buyer of a gift gets an event for each of its changes', async () => {
  const { id, next } = await follow()
  const plan = await makePlan(db)
  const gift = { code: unique(), planId: plan.id, interval: 'MONTHLY', amountMinor: 500, currency: 'EUR' } as const
  const bought = { buyerId: id, sessionId: unique(), boughtAt: new Date() }
  const { id: giftId } = await db.gift.create({ data: { id: randomUUID(), ...gift, ...bought } })
  expect(await next()).toHaveLength(2)
  await db.gift.update({ where: { id: giftId }, data: { voidedAt: new Date() } })
  expect(await next()).toHaveLength(2)
})

test('a disabled member gets ACCOUNT_DISABLED', async () => {
  const { id, next } = await follow()
  await setDisabled(db, id, true, 'test', new Date())
  for (const { errors } of await next()) expect(errors?.[0]?.extensions.code).toBe('ACCOUNT_DISABLED')
  for (const { event } of await next()) expect(event).toBe('complete')
})

test('a change of a profile causes no event', async () => {
  const { id, streams } = await follow()
  await db.member.update({ where: { id }, data: { name: 'Jo', profileFetchedAt: new Date() } })
  await tellAnother()
  expect(streams.map((stream) => stream.pending())).toEqual([0, 0])
})
