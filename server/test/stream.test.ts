import { afterEach, expect, test } from '@jest/globals'
import { createClient } from 'graphql-sse'
import { createClock } from '../src/lib/clock.ts'
import { setDisabled } from '../src/members/index.ts'
import { startTestApp } from './support/app.ts'
import { makeMember, makeMembership, makePlan } from './support/factories.ts'
import { eventually } from './support/eventually.ts'
import { openStream, openStreams, viewerChanged } from './support/stream.ts'

// The events of a subscription, over HTTP against the real server.

let offset = 0
const clock = createClock(() => offset)
let jumps = 0
const counted = {
  ...clock,
  onJump: (listener: () => void) => {
    const off = clock.onJump(listener)
    jumps += 1
    return () => {
      jumps -= 1
      off()
    }
  },
}
const app = await startTestApp({ clock: counted })
const { db, issuer, changes, metrics, logs } = app
const day = 86_400_000
const ahead = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** Returns the resources that streams hold. */
const held = async () => ({ followers: changes.size, jumps, open: await openStreams(metrics) })
const nothing = { followers: 0, jumps: 0, open: 0 }

afterEach(async () => {
  offset = 0
  await eventually(async () => JSON.stringify(await held()) === JSON.stringify(nothing))
})

async function member() {
  const { id, subject } = await makeMember(db, { issuer: issuer.url })
  return { id, subject, token: issuer.sign({ sub: subject }) }
}

/** Changes another member and waits for that event. Events of earlier changes have arrived by then. */
async function tellAnother(): Promise<void> {
  const { id, token } = await member()
  const stream = await openStream(app, { token })
  await stream.next()
  changes.publish(id)
  await stream.next()
  stream.close()
}

test('sends the current state immediately', async () => {
  const { id, token } = await member()
  const plan = await makePlan(db)
  await makeMembership(db, id, plan.id)
  const stream = await openStream(app, { token })
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.headers.get('cache-control')).toBe('private, no-store, no-transform')
  expect(stream.headers.get('x-accel-buffering')).toBe('no')
  expect(stream.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  expect(await stream.next()).toEqual({
    event: 'next',
    data: { viewerChanged: { id, membership: { status: 'ACTIVE', plan: { slug: plan.slug } } } },
    errors: undefined,
  })
  expect(stream.text()).toMatch(/^:\n\nevent: next\ndata: \{.*\}\n\n$/)
  expect(await held()).toEqual({ followers: 1, jumps: 1, open: 1 })
})

test('sends changes of the member, several at once as one event', async () => {
  const [one, other] = [await member(), await member()]
  const plan = await makePlan(db)
  const [stream, quiet] = [await openStream(app, { token: one.token }), await openStream(app, { token: other.token })]
  expect((await stream.next()).data.viewerChanged.membership).toBeNull()
  await quiet.next()
  await makeMembership(db, one.id, plan.id)
  for (let count = 0; count < 10; count += 1) changes.publish(one.id)
  expect((await stream.next()).data.viewerChanged.membership.plan.slug).toBe(plan.slug)
  await tellAnother()
  expect([stream.pending(), quiet.pending()]).toEqual([0, 0])
  changes.publishAll()
  await Promise.all([stream.next(), quiet.next()])
})

test('every stream of a member gets the event', async () => {
  const { id, token } = await member()
  const streams = await Promise.all([1, 2, 3].map(() => openStream(app, { token })))
  await Promise.all(streams.map((stream) => stream.next()))
  changes.publish(id)
  await Promise.all(streams.map((stream) => stream.next()))
})

test('sends an event when business time reaches a period end', async () => {
  const { id, token } = await member()
  const plan = await makePlan(db)
  await makeMembership(db, id, plan.id, { currentPeriodEnd: ahead(30 * day) })
  const query = 'subscription { viewerChanged { membership { currentPeriodEnd } memberships { status } } }'
  const stream = await openStream(app, { token, query })
  await stream.next()
  offset = 29 * day
  clock.jumped()
  await tellAnother()
  expect(stream.pending()).toBe(0)
  offset = 31 * day
  clock.jumped()
  expect((await stream.next()).data.viewerChanged.memberships).toHaveLength(1)
})

test('sends an event when a period ends', async () => {
  const { id, token } = await member()
  const plan = await makePlan(db)
  const query = 'subscription { viewerChanged { memberships { currentPeriodEnd } } }'
  const stream = await openStream(app, { token, query })
  await stream.next()
  const end = ahead(1_500)
  await makeMembership(db, id, plan.id, { currentPeriodEnd: end })
  changes.publish(id)
  await stream.next()
  await stream.next()
  expect(Date.now()).toBeGreaterThanOrEqual(end.getTime())
})

test('a disabled member gets one ACCOUNT_DISABLED and the end', async () => {
  const { id, token } = await member()
  const stream = await openStream(app, { token })
  await stream.next()
  await setDisabled(db, id, true, 'test', new Date())
  changes.publish(id)
  const refusal = await stream.next()
  expect(refusal.data).toEqual({ viewerChanged: null })
  expect(refusal.errors).toMatchObject([
    { message: 'This account is disabled.', path: ['viewerChanged'], extensions: { code: 'ACCOUNT_DISABLED' } },
  ])
  expect(await stream.next()).toMatchObject({ event: 'complete' })
  await eventually(stream.ended)

  const again = await openStream(app, { token })
  expect((await again.next()).errors).toMatchObject([{ extensions: { code: 'ACCOUNT_DISABLED' } }])
  expect(await again.next()).toMatchObject({ event: 'complete' })
})

test('completes when the token expires', async () => {
  const { subject } = await member()
  const seconds = Math.floor(Date.now() / 1000)
  const stream = await openStream(app, { token: issuer.sign({ sub: subject, iat: seconds - 60, exp: seconds + 2 }) })
  const events = [await stream.next()]
  while (events.at(-1)?.event === 'next') events.push(await stream.next())
  expect(events.at(-1)).toEqual({ event: 'complete', data: undefined, errors: undefined })
  expect(events.flatMap(({ errors }) => errors ?? [])).toEqual([])
  expect(Date.now()).toBeGreaterThanOrEqual((seconds + 2) * 1000)
  await eventually(stream.ended)
})

test('a failed event is reported and repeated', async () => {
  const { id, token } = await member()
  const stream = await openStream(app, { token })
  await stream.next()
  const real = db.member.findFirst
  Object.assign(db.member, {
    findFirst: () => Promise.reject(Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })),
  })
  try {
    changes.publish(id)
    const failed = await stream.next()
    expect(failed.data).toEqual({ viewerChanged: null })
    expect(failed.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }])
    const refused = await openStream(app, { token })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
  } finally {
    Object.assign(db.member, { findFirst: real })
  }
  // On a busy machine another attempt may have failed.
  let answer = await stream.next()
  while (answer.data.viewerChanged === null) answer = await stream.next()
  expect(answer.data.viewerChanged.id).toBe(id)
})

test('each event has its own `now`', async () => {
  const { id, token } = await member()
  const plan = await makePlan(db)
  await makeMembership(db, id, plan.id, { currentPeriodEnd: ahead(day), status: 'ACTIVE' })
  const later = await makePlan(db, { includes: [plan.id] })
  await makeMembership(db, id, later.id, { startedAt: ahead(day / 2), currentPeriodEnd: ahead(2 * day) })
  const stream = await openStream(app, { token })
  expect((await stream.next()).data.viewerChanged.membership.plan.slug).toBe(plan.slug)
  offset = day / 2 + 60_000
  clock.jumped()
  expect((await stream.next()).data.viewerChanged.membership.plan.slug).toBe(later.slug)
})

test('works with the client of graphql-sse', async () => {
  const { id, token } = await member()
  const client = createClient({ url: `${app.url}/graphql/stream`, headers: { authorization: `Bearer ${token}` } })
  const results = client.iterate<{ viewerChanged: { id: string } }>({ query: viewerChanged })
  expect((await results.next()).value.data.viewerChanged.id).toBe(id)
  changes.publish(id)
  expect((await results.next()).value.data.viewerChanged.id).toBe(id)
  await results.return?.()
  client.dispose()
})

test('logs one line per stream without private data', async () => {
  const { id, token } = await member()
  await db.member.update({ where: { id }, data: { email: 'jo@example.org' } })
  const from = logs.length
  const stream = await openStream(app, { token, query: 'subscription { viewerChanged { email } }' })
  expect((await stream.next()).data.viewerChanged.email).toBe('jo@example.org')
  stream.close()
  await eventually(() => logs.slice(from).some((line) => line.includes('/graphql/stream')))
  const lines = logs.slice(from).join('')
  expect(lines).toMatch(/"path":"\/graphql\/stream"/)
  expect(lines).not.toMatch(/eyJ|jo@example|bearer/i)
})
