import { expect, test } from '@jest/globals'
import { createClock } from '../src/lib/clock.ts'
import { startTestApp } from './support/app.ts'
import { expectUnharmed, send, sendBytes } from './support/http.ts'
import { makeMember } from './support/factories.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan, signature } from './support/webhooks.ts'

// Rows W01 to W17 of docs/threats.md, one delivery after another.

const secrets = ['whsec_of_before', 'whsec_of_now']
const day = 86_400
const app = await startTestApp({ env: { STRIPE_WEBHOOK_SECRET: secrets.join(',') } })
const plan = await makePricedPlan(app.db)

/** A clock that does not move, for tests at the limit of a second. */
const stopped = { ...createClock(), wall: () => moment }
const moment = new Date()
const still = await startTestApp({ beside: app, clock: stopped, env: { STRIPE_WEBHOOK_SECRET: secrets.join(',') } })

const now = (): number => seconds(new Date())
const secret = 'whsec_of_now'

/** Creates the first event of a new customer's membership. */
async function firstNews(fields: Record<string, unknown> = {}) {
  const { member, customer } = await makeCustomer(app.db, app.issuer.url)
  const start = now() - day
  const object = subscription({
    id: id('sub'),
    customer,
    price: plan.price,
    start,
    periodEnd: start + 30 * day,
    ...fields,
  })
  return { member, customer, object, event: event('customer.subscription.created', object, { created: start }) }
}

const stored = (eventId: string) => app.db.billingEvent.findUnique({ where: { id: eventId } })

test('stores an event unchanged and creates the membership', async () => {
  const { member, event: created } = await firstNews()
  const answer = await deliver(app, created, { secret })
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toEqual({ received: true, outcome: 'applied' })
  expect(await heldBy(app.db, member.id)).toMatchObject([{ planId: plan.id, status: 'ACTIVE' }])
  expect(await stored(created.id)).toMatchObject({ payload: created, outcome: 'APPLIED' })
})

test.each([
  ['no signature', { 'stripe-signature': null }],
  ['an empty signature', { 'stripe-signature': '' }],
  ['garbage', { 'stripe-signature': 'garbage' }],
  ['only a time', { 'stripe-signature': `t=${now()}` }],
  ['a signature without a time', { 'stripe-signature': `v1=${'a'.repeat(64)}` }],
  ['another scheme', { 'stripe-signature': `t=${now()},v0=${'a'.repeat(64)}` }],
])('W01 %s is 400 and nothing is stored', async (_title, headers) => {
  const { event: created } = await firstNews()
  const answer = await deliver(app, created, { headers })
  expect(answer.status).toBe(400)
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
  expect(await stored(created.id)).toBeNull()
  await expectUnharmed(app, answer)
})

test('W01 two signature headers are 400', async () => {
  const { event: created } = await firstNews()
  const body = JSON.stringify(created)
  const good = signature(body, { secret })
  const head = [
    'POST /webhooks/stripe HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    'connection: close',
  ]
  const headers = [...head, `stripe-signature: ${good}`, `stripe-signature: ${good}`, `content-length: ${body.length}`]
  expect(await sendBytes(app, `${headers.join('\r\n')}\r\n\r\n${body}`)).toMatch(/^HTTP\/1.1 400/)
  expect(await stored(created.id)).toBeNull()
})

test('W02 a wrong secret or a changed body is 400', async () => {
  const { event: created } = await firstNews()
  const body = JSON.stringify(created)
  const headers = { 'stripe-signature': signature(body, { secret }) }
  const answers = [
    await deliver(app, created, { secret: 'whsec_other' }),
    await deliver(app, `${body} `, { headers }),
    await deliver(app, JSON.stringify(created, null, 2), { headers }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  expect(await stored(created.id)).toBeNull()
})

test.each([
  ['exactly 300 s ago', -300, 200],
  ['301 s ago', -301, 400],
  ['exactly 300 s ahead', 300, 200],
  ['301 s ahead', 301, 400],
  ['an hour ahead', 3_600, 400],
  ['ten years ago', -10 * 365 * day, 400],
])('W03 signed %s: %i → %i', async (_title, offset, status) => {
  const { event: created } = await firstNews()
  const signedAt = seconds(stopped.wall()) + offset
  expect((await deliver(still, created, { secret, signedAt })).status).toBe(status)
})

test.each(secrets)('W05 accepts %s during a rotation of secrets', async (either) => {
  const { event: created } = await firstNews()
  expect((await deliver(app, created, { secret: either })).status).toBe(200)
})

test('W06 a repeated event is a duplicate without effect', async () => {
  const { member, event: created } = await firstNews()
  await deliver(app, created, { secret })
  const changes = () => app.db.membershipChange.count({ where: { memberId: member.id } })
  const before = await changes()
  const again = await deliver(app, created, { secret })
  expect([again.status, JSON.parse(again.text)]).toEqual([200, { received: true, outcome: 'duplicate' }])
  expect(await changes()).toBe(before)
})

test('W08 an older event does not reopen an ended membership', async () => {
  const { member, object, event: created } = await firstNews()
  const ended = { ...object, status: 'canceled', ended_at: now() }
  await deliver(app, event('customer.subscription.deleted', ended, { created: now() }), { secret })
  await deliver(app, event('customer.subscription.updated', object, { created: now() + 5 }), { secret })
  await deliver(app, created, { secret })
  expect(await heldBy(app.db, member.id)).toMatchObject([{ status: 'ENDED' }])
})

test.each([
  [
    'an unknown type',
    (object: object) => event('radar.early_fraud_warning.created', { ...object }, { created: now() }),
  ],
  [
    'another API version',
    (object: object) =>
      event('customer.subscription.updated', { ...object }, { created: now(), apiVersion: '2020-08-27' }),
  ],
  [
    'no API version',
    (object: object) => event('customer.subscription.updated', { ...object }, { created: now(), apiVersion: null }),
  ],
  [
    'a thin event',
    () => ({
      id: id('evt'),
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
      created: new Date().toISOString(),
    }),
  ],
])('W10 %s is 200, stored and ignored', async (_title, make) => {
  const { member, object } = await firstNews()
  const sent = make(object)
  const answer = await deliver(app, sent, { secret })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'ignored' }])
  expect(await stored(sent.id)).toMatchObject({ outcome: 'IGNORED', note: expect.any(String) })
  expect(await heldBy(app.db, member.id)).toEqual([])
})

test.each([
  ['an unknown price', { price: 'price_of_nobody' }],
  ['no items', { items: null }],
  ['no end of the period', { periodEnd: null }],
])('W11 %s is 200 and waits, and the membership remains', async (_title, fields) => {
  const { member, object, event: created } = await firstNews()
  await deliver(app, created, { secret })
  const before = await heldBy(app.db, member.id)
  const broken = subscription({
    id: object.id,
    customer: object.customer,
    price: plan.price,
    start: object.start_date,
    periodEnd: now() + day,
    ...fields,
  })
  const sent = event('customer.subscription.updated', broken, { created: now() })
  const answer = await deliver(app, sent, { secret })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'pending' }])
  expect(await heldBy(app.db, member.id)).toEqual(before)
  expect(app.logs.filter((line) => line.includes(sent.id) && line.includes('"level":50'))).toHaveLength(1)
})

test('W11 an event of an unknown customer is applied later', async () => {
  const { object, event: created } = await firstNews()
  const stranger = id('cus')
  const sent = { ...created, id: id('evt'), data: { object: { ...object, id: id('sub'), customer: stranger } } }
  expect(JSON.parse((await deliver(app, sent, { secret })).text)).toEqual({ received: true, outcome: 'pending' })
  const member = await makeMember(app.db, { issuer: app.issuer.url })
  await app.db.billingCustomer.create({ data: { customerId: stranger, memberId: member.id, createdAt: new Date() } })
  await deliver(app, event('customer.subscription.updated', sent.data.object, { created: now() }), { secret })
  expect(await heldBy(app.db, member.id)).toMatchObject([{ status: 'ACTIVE' }])
  expect(await stored(sent.id)).toMatchObject({ outcome: 'APPLIED', note: null })
})

test('W12 refuses invalid JSON, large bodies, other types and GET', async () => {
  const answers = [
    await deliver(app, 'not json', { secret }),
    await deliver(app, '[]', { secret }),
    await deliver(app, '{"id":"evt_1"}', { secret }),
    await deliver(app, JSON.stringify({ padding: 'x'.repeat(1_000_000) }), { secret }),
    await deliver(app, '{}', { secret, headers: { 'content-type': 'text/plain' } }),
    await deliver(app, '{}', { secret, headers: { 'content-type': null } }),
    await send(app, { method: 'GET', path: '/webhooks/stripe' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 413, 415, 415, 405])
  for (const answer of answers) await expectUnharmed(app, answer)
})

test('W17 the customer counts, not the member in the metadata', async () => {
  const other = await makeMember(app.db, { issuer: app.issuer.url })
  const { member, event: created } = await firstNews({
    metadata: { memberId: other.id, userId: other.subject },
    client_reference_id: other.id,
  })
  await deliver(app, created, { secret })
  expect(await heldBy(app.db, other.id)).toEqual([])
  expect(await heldBy(app.db, member.id)).toHaveLength(1)
})

test('D04 an immediate cancellation locks with the next query', async () => {
  const { member, object, event: created } = await firstNews()
  await deliver(app, created, { secret })
  const token = app.issuer.sign({ sub: member.subject })
  const status = async (): Promise<unknown> =>
    (await app.ask('{ viewer { membership { status } } }', { token })).data.viewer.membership.status
  expect(await status()).toBe('ACTIVE')
  const ended = { ...object, status: 'canceled', ended_at: now(), canceled_at: now() }
  await deliver(app, event('customer.subscription.deleted', ended, { created: now() }), { secret })
  expect(await status()).toBe('ENDED')
})

test('the log contains no secret and no event body', () => {
  const logged = app.logs.join('')
  for (const hidden of [...secrets, plan.price, 'current_period_end']) expect(logged).not.toContain(hidden)
})
