import { expect, test } from '@jest/globals'
import { replayLedger } from '../src/billing/index.ts'
import { startTestApp } from './support/app.ts'
import { expectUnharmed } from './support/http.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Events that are stored without effect: of another mode or account, not storable as JSON, or malformed.

const app = await startTestApp()
const live = await startTestApp({
  beside: app,
  env: { STRIPE_SECRET_KEY: 'rk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_gatepost_local' },
})
const plan = await makePricedPlan(app.db)
const start = seconds(new Date()) - 86_400

/** Creates the first event of a new customer's membership. */
async function firstNews(fields: Record<string, unknown> = {}) {
  const { member, customer } = await makeCustomer(app.db, app.issuer.url)
  const about = { id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 }
  const object = subscription({ ...about, ...fields })
  return { member, news: event('customer.subscription.created', object, { created: start }) }
}
const held = async (memberId: string) => (await heldBy(app.db, memberId)).map(({ status }) => status)
const stored = (eventId: string) => app.db.billingEvent.findUnique({ where: { id: eventId } })
const counted = async (of: typeof app, outcome: string): Promise<number> =>
  Number(
    new RegExp(`gatepost_billing_events_total{outcome="${outcome}"} (\\d+)`).exec(
      await of.metrics.registry.metrics(),
    )?.[1] ?? 0,
  )

test.each<[string, 'test' | 'live', Record<string, unknown>, string]>([
  ['of live mode under a test key', 'test', { livemode: true }, 'of live mode, not of test mode'],
  ['of test mode under a live key', 'live', { livemode: false }, 'of test mode, not of live mode'],
  ['without a mode', 'test', { livemode: undefined }, 'of no mode, not of test mode'],
  ['of a mode in words', 'test', { livemode: 'false' }, 'of no mode, not of test mode'],
  ['of a connected account', 'test', { account: 'acct_other' }, 'of another account: acct_other'],
  ['in the context of an organization', 'test', { context: 'acct_other' }, 'of another account: acct_other'],
  ['of an account of another shape', 'test', { account: ['acct_other'] }, 'of another account: without a name'],
])('an event %s is stored and ignored', async (_title, mode, fields, note) => {
  const server = mode === 'live' ? live : app
  const { member, news } = await firstNews()
  const before = await counted(server, 'foreign')
  const sent = { ...news, ...fields }
  const answer = await deliver(server, sent)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'ignored' }])
  expect(await stored(news.id)).toMatchObject({ outcome: 'IGNORED', note, payload: JSON.parse(JSON.stringify(sent)) })
  expect(await counted(server, 'foreign')).toBe(before + 1)
  expect(server.logs.filter((line) => line.includes(news.id) && line.includes('"level":50'))).toHaveLength(1)
  // Later events of the customer do not apply it.
  const { data } = news
  await deliver(
    server,
    event('customer.subscription.updated', { ...data.object, status: 'incomplete' }, { created: start + 1 }),
  )
  expect(await held(member.id)).not.toContain('ACTIVE')
})

test('an event of live mode is applied under a live key', async () => {
  const { member, news } = await firstNews()
  expect((await deliver(live, { ...news, livemode: true })).status).toBe(200)
  expect(await held(member.id)).toEqual(['ACTIVE'])
})

const deep = (levels: number) => (text: string) =>
  text.replace('"livemode":false', `"livemode":false,"deep":${'['.repeat(levels)}${']'.repeat(levels)}`)
const unstorable: [string, (text: string) => string | Buffer, RegExp][] = [
  ['with a NUL in a value', (text) => text.replace('"livemode"', '"note":"a\\u0000b","livemode"'), /cannot be stored/],
  ['with a NUL in a name', (text) => text.replace('"livemode"', '"a\\u0000b":1,"livemode"'), /cannot be stored/],
  ['with a lone surrogate', (text) => text.replace('"livemode"', '"note":"\\ud83d","livemode"'), /cannot be stored/],
  ['with a lone surrogate in its id', (text) => text.replace('"id":"evt_', '"id":"evt\\udc00_'), /cannot be stored/],
  ['nested 101 levels deep', deep(101), /nested deeper/],
  ['nested 20,000 levels deep', deep(20_000), /nested deeper/],
]

test.each(unstorable)('an event %s is stored as bytes and waits', async (_title, spoil, note) => {
  const { member, news } = await firstNews()
  const body = String(spoil(JSON.stringify(news)))
  const before = await counted(app, 'pending')
  const answer = await deliver(app, body)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'pending' }])
  const row = await app.db.billingEvent.findFirstOrThrow({ where: { body: Buffer.from(body) } })
  expect(row).toMatchObject({ outcome: 'PENDING', note: expect.stringMatching(note), payload: {}, customerId: null })
  expect(await held(member.id)).toEqual([])
  expect(await counted(app, 'pending')).toBe(before + 1)
  const again = await deliver(app, body)
  expect([again.status, JSON.parse(again.text)]).toEqual([200, { received: true, outcome: 'duplicate' }])
  await expectUnharmed(app, again)
})

test('an event nested 90 levels deep is stored as JSON', async () => {
  const { member, news } = await firstNews()
  expect(JSON.parse((await deliver(app, deep(90)(JSON.stringify(news)))).text)).toMatchObject({ outcome: 'applied' })
  expect(await held(member.id)).toEqual(['ACTIVE'])
})

test.each<[string, Record<string, unknown>, RegExp]>([
  ['with an id that is too long', { id: `evt_${'x'.repeat(300)}` }, /too long/],
  ['with a type that is too long', { type: `customer.${'x'.repeat(300)}` }, /too long/],
  ['with a time in a list', { created: [start] }, /the time is not valid/],
  ['without a time', { created: undefined }, /the time is not valid/],
  ['with a time before 1970', { created: -1 }, /the time is not valid/],
  ['with a time out of range', { created: 1e15 }, /the time is not valid/],
  ['with a time as a string and a NUL', { created: '2026-11-30T10:00:00Z', note: 'a\0b' }, /cannot be stored/],
])('a signed event %s is stored and waits', async (_title, fields, note) => {
  const { member, news } = await firstNews()
  const body = JSON.stringify({ ...news, ...fields })
  const answer = await deliver(app, body)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'pending' }])
  const row = await app.db.billingEvent.findFirstOrThrow({ where: { body: Buffer.from(body) } })
  expect(row).toMatchObject({ outcome: 'PENDING', note: expect.stringMatching(note), payload: {} })
  expect(await held(member.id)).toEqual([])
  expect(JSON.parse((await deliver(app, body)).text)).toEqual({ received: true, outcome: 'duplicate' })
})

test('an event ignored for its mode counts after the key is corrected', async () => {
  const since = new Date()
  const { member, news } = await firstNews()
  expect(JSON.parse((await deliver(app, { ...news, livemode: true })).text)).toMatchObject({ outcome: 'ignored' })
  const times = { since, graceMilliseconds: 0, now: new Date(), wallNow: new Date() }
  expect(await replayLedger(app.db, { ...times, livemode: false })).toMatchObject({ appliedEvents: 0 })
  expect(await held(member.id)).toEqual([])
  expect(await replayLedger(app.db, { ...times, livemode: true })).toMatchObject({ appliedEvents: 1, changes: 1 })
  expect(await held(member.id)).toEqual(['ACTIVE'])
  expect(await stored(news.id)).toMatchObject({ outcome: 'APPLIED', note: null })
  expect(await replayLedger(app.db, { ...times, livemode: true })).toMatchObject({ appliedEvents: 0, changes: 0 })
})

test('a refund larger than a database integer is applied', async () => {
  const { customer } = await makeCustomer(app.db, app.issuer.url)
  const large = { id: id('ch'), customer, payment_intent: id('pi'), amount: 9e9, amount_refunded: 9e9 }
  const answer = await deliver(app, event('charge.refunded', large, { created: start }))
  expect(JSON.parse(answer.text)).toEqual({ received: true, outcome: 'applied' })
})

const misshapen: [string, Record<string, unknown>][] = [
  ['a status in a list', { status: ['active'] }],
  ['a status that is not a string', { status: { toString: 'active' } }],
  ['a start as a string', { start_date: '1790000000' }],
  ['a start out of range', { start_date: 253_402_300_000 }],
  ['an end that is not an integer', { cancel_at: 1.5 }],
  ['a cancellation as a string', { cancel_at_period_end: 'false' }],
  ['items that are not a list', { items: { data: { 0: { price: plan.price } } } }],
  [
    'a price in a list',
    { items: { data: [{ price: [plan.price], current_period_start: start, current_period_end: start + 9 }] } },
  ],
  ['a schedule that is not a string', { schedule: 7 }],
]

test.each(misshapen)('%s waits and gives no access', async (_title, fields) => {
  const { member, news } = await firstNews(fields)
  const answer = await deliver(app, news)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'pending' }])
  expect(await stored(news.id)).toMatchObject({
    outcome: 'PENDING',
    note: expect.stringMatching(/^the object is malformed at /),
  })
  expect(await held(member.id)).toEqual([])
})

test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf'])(
  'the unknown status %s gives no access',
  async (status) => {
    const { member, news } = await firstNews({ status })
    expect(JSON.parse((await deliver(app, news)).text)).toEqual({ received: true, outcome: 'pending' })
    expect(await stored(news.id)).toMatchObject({ note: `the status ${status} is not known` })
    expect(await held(member.id)).toEqual(['PAUSED'])
  },
)

test.each<[string, string, Record<string, unknown>]>([
  ['a refund with amounts as strings', 'charge.refunded', { amount: '500', amount_refunded: '500' }],
  ['a refund with amounts in lists', 'charge.refunded', { amount: [500], amount_refunded: [500] }],
  ['a dispute with its outcome in a list', 'charge.dispute.closed', { status: ['lost'] }],
  [
    'a gift with a currency of five letters',
    'checkout.session.completed',
    { mode: 'payment', payment_status: 'paid', currency: 'euros' },
  ],
  [
    'a gift with an amount out of range',
    'checkout.session.completed',
    { mode: 'payment', payment_status: 'paid', amount_total: 3e9 },
  ],
])('%s waits', async (_title, type, fields) => {
  const { member, customer } = await makeCustomer(app.db, app.issuer.url)
  const sent = event(type, { id: id('x'), customer, ...fields }, { created: start })
  const answer = await deliver(app, sent)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { received: true, outcome: 'pending' }])
  expect(await held(member.id)).toEqual([])
})
