import { expect, test } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { startTestApp } from './support/app.ts'
import { makeMember, unique } from './support/factories.ts'
import { freePort } from './support/free-ports.mjs'
import { id } from './support/provider-events.ts'
import { eventually } from './support/eventually.ts'
import { openStream, openStreams } from './support/stream.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Streams of one member do not delay those of others, not even aborted ones or ones that wait for the payment provider.

/** A payment provider that accepts requests and never responds. */
const provider = await startTcpProxy({ host: '127.0.0.1', port: await freePort() })
await provider.set('silent')
const app = await startTestApp({ env: { STRIPE_API_BASE: `http://127.0.0.1:${provider.port}` } })
const { db, issuer, metrics, changes } = app

/** Requires the payment provider, which times out after three seconds. */
const slow = 'subscription { viewerChanged { id billing { card { last4 } } } }'
const plan = await makePricedPlan(db)
/** Creates a member who has bought a gift, so that the server queries the payment provider. */
const newCustomer = async () => {
  const { member } = await makeCustomer(db, issuer.url)
  const bought = {
    planId: plan.id,
    interval: 'MONTHLY',
    amountMinor: 500,
    currency: 'EUR',
    boughtAt: new Date(),
  } as const
  const names = { id: uuidv7(), code: `TEST${unique().toUpperCase()}`, sessionId: id('cs') }
  await db.gift.create({ data: { ...bought, ...names, buyerId: member.id } })
  return { id: member.id, token: issuer.sign({ sub: member.subject }) }
}
const newMember = async () => {
  const { id: memberId, subject } = await makeMember(db, { issuer: issuer.url })
  return { id: memberId, token: issuer.sign({ sub: subject }) }
}

test('aborted streams are dropped from the queue', async () => {
  const { token } = await newCustomer()
  const before = provider.connections()
  for (let round = 0; round < 3; round += 1) {
    const streams = await Promise.all(Array.from({ length: 8 }, () => openStream(app, { query: slow, token })))
    expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200))
    await eventually(() => provider.connections() - before >= 3)
    for (const stream of streams) stream.close()
    await eventually(async () => (await openStreams(metrics)) === 0)
  }
  const other = await newMember()
  const stream = await openStream(app, { token: other.token })
  expect((await stream.next()).data.viewerChanged.id).toBe(other.id)
  // Three of the 24 had started before they were aborted, on a slow machine a few more.
  expect(provider.connections() - before).toBeLessThanOrEqual(12)
  stream.close()
  await eventually(() => changes.size === 0)
}, 60_000)

test('streams that wait for the provider free their slot', async () => {
  const { token } = await newCustomer()
  const open = provider.connections()
  const waiting = await Promise.all(Array.from({ length: 10 }, () => openStream(app, { query: slow, token })))
  await eventually(() => provider.connections() > open)
  const others = await Promise.all(Array.from({ length: 5 }, newMember))
  const streams = await Promise.all(others.map((other) => openStream(app, { token: other.token })))
  const first = await Promise.all(streams.map((stream) => stream.next()))
  expect(first.map(({ data }) => data.viewerChanged.id)).toEqual(others.map(({ id }) => id))
  // Each of the ten also gets its event, with null for the provider's fields.
  const late = await waiting[0]?.next()
  expect(late?.data.viewerChanged.billing).toEqual({ card: null })
  // The other streams did not wait for them.
  expect(waiting.filter((one) => one.pending() > 0).length).toBeLessThan(10)
}, 60_000)
