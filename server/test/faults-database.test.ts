import { afterAll, afterEach, expect, test } from '@jest/globals'
import { connectDatabase, createPool } from '../src/db/client.ts'
import { startTestApp, type Answer } from './support/app.ts'
import { startDatabaseProxy, type StatementFailure } from './support/database-proxy.ts'
import { testDatabase } from './support/database.ts'
import { makeArticle, makeMember, makeNamed } from './support/factories.ts'
import { startTestIssuer } from './support/issuer.ts'
import { event, id, seconds, subscription } from './support/provider-events.ts'
import { openStream } from './support/stream.ts'
import { deliver, heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// While the database is unavailable, every response is SERVICE_UNAVAILABLE with a time to retry, never an internal error.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const proxy = await startDatabaseProxy()
const options = { url: proxy.url, poolMax: 4, onConnectionLost: () => undefined }
/** With shorter timeouts than in production. */
const pool = createPool(options, { connectionTimeoutMillis: 1_500, query_timeout: 1_500 })
const behind = connectDatabase(options, pool)
afterAll(() => behind.$disconnect())
const app = await startTestApp({ beside: { db: behind, issuer } })
afterEach(async () => {
  proxy.failStatements(null)
  await proxy.set('none')
  app.logs.length = 0
})

const { slug, id: articleId } = await makeArticle(db, { visibility: 'MEMBERS', tagIds: [await makeNamed(db, 'tag')] })
const member = await makeMember(db, { issuer: issuer.url })
const token = issuer.sign({ sub: member.subject })
const plan = await makePricedPlan(db)

const questions: [string, string][] = [
  ['plans', '{ plans { slug } }'],
  [
    'an article',
    `{ article(slug: "${slug}") { title tags { name } author { name } access { reason } body { html } } }`,
  ],
  ['a list', '{ articles(first: 3) { nodes { title tags { name } access { granted } } } }'],
  ['a member', '{ viewer { id membership { status } gifts { code } trialAvailable billing { interval } } }'],
  ['ping', '{ ping { greeting calls } }'],
  ['bookmarks', '{ bookmarks(first: 3) { nodes { title } } }'],
  ['a change', `mutation { addBookmark(articleId: "${articleId}") { bookmarked } }`],
]

/** Asserts that all errors are SERVICE_UNAVAILABLE, with Retry-After, and that a response without data is 503. */
function expectOutage({ status, headers, data, errors }: Answer): void {
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(errors?.map(() => 'SERVICE_UNAVAILABLE'))
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  const empty = !data || Object.values(data as object).every((field) => field === null)
  expect(status).toBe(empty ? 503 : 200)
}

/** Returns the error codes in the log. */
const logged = () =>
  app.logs
    .map((line) => JSON.parse(line) as { msg: string; code?: string })
    .filter(({ msg }) => msg === 'an error was masked' || msg === 'request failed')
    .map(({ code }) => code)

test.each(['refused', 'reset', 'silent'] as const)('a database that is %s is 503 with Retry-After', async (fault) => {
  await proxy.set(fault)
  const answers = await Promise.all(questions.map(([, query]) => app.ask(query, { token })))
  for (const answer of answers) {
    expectOutage(answer)
    expect(answer.status).toBe(503)
  }
  expect(new Set(logged())).toEqual(new Set(['SERVICE_UNAVAILABLE']))
})

const failures: [string, StatementFailure][] = [
  ['55000', { error: '55000' }],
  ['53300', { error: '53300' }],
  ['57P01, which ends the connection', { fatal: '57P01' }],
  ['a lost connection', 'reset'],
]

test.each(questions)('any failed statement of %s is reported as an outage', async (_title, query) => {
  proxy.failStatements(null)
  expect((await app.ask(query, { token })).errors).toBeUndefined()
  const statements = proxy.statements()
  expect(statements).toBeGreaterThan(0)
  for (const failure of [{ error: '55000' }, 'reset'] as const) {
    for (let after = 0; after < statements; after += 1) {
      proxy.failStatements(failure, after)
      const answer = await app.ask(query, { token })
      proxy.failStatements(null)
      // If the query ran fewer statements this time, none failed.
      if (answer.errors) expectOutage(answer)
      else expect(answer.text).toMatch(/"reason":"UNAVAILABLE"|"granted":false|"data"/)
    }
  }
  expect(new Set(logged())).toEqual(new Set(['SERVICE_UNAVAILABLE']))
})

test('with an unstable connection each response is complete or an outage', async () => {
  await proxy.set('flapping')
  let failed = 0
  for (let round = 0; round < 5; round += 1) {
    for (const [, query] of questions) {
      const answer = await app.ask(query, { token })
      if (!answer.errors) continue
      failed += 1
      expectOutage(answer)
    }
  }
  expect(failed).toBeGreaterThan(0)
  expect(new Set(logged())).toEqual(new Set(['SERVICE_UNAVAILABLE']))
})

test('waits for a slow database', async () => {
  await proxy.set('slow')
  expect(await app.ask('{ plans { slug } }')).toMatchObject({ status: 200, errors: undefined })
})

test('a stream that cannot be opened is 503 with Retry-After', async () => {
  await proxy.set('reset')
  const { status, headers } = await openStream(app, { token: issuer.sign({ sub: member.subject }) })
  expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true])
})

test.each(failures)('a webhook during database failures (%s) is 503 and counts once', async (_title, failure) => {
  const { member: buyer, customer } = await makeCustomer(db, issuer.url)
  const start = seconds(new Date()) - 86_400
  const object = subscription({ id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 })
  const news = event('customer.subscription.created', object, { created: start })
  let acknowledged = false
  for (let after = 0; after < 100 && !acknowledged; after += 1) {
    proxy.failStatements(failure, after)
    const { status, headers, errors } = await deliver(app, news)
    acknowledged = status === 200
    if (acknowledged) break
    expect([status, headers['retry-after'], errors?.[0]?.extensions.code]).toEqual([503, '5', 'SERVICE_UNAVAILABLE'])
    // An event that was not acknowledged must not be stored. The provider sends it again.
    expect(await db.billingEvent.count({ where: { id: news.id } })).toBe(0)
  }
  expect(acknowledged).toBe(true)
  expect((await heldBy(db, buyer.id)).length).toBe(1)
  expect(new Set(logged())).toEqual(new Set(['SERVICE_UNAVAILABLE']))
})

test.each(['refused', 'reset', 'silent'] as const)('recovers after a database that was %s', async (fault) => {
  await proxy.set(fault)
  await Promise.all(Array.from({ length: 6 }, () => app.ask('{ plans { slug } }')))
  await proxy.set('none')
  expect(await app.ask('{ plans { slug } }')).toMatchObject({ status: 200 })
  expect(await app.ask('{ viewer { id } }', { token })).toMatchObject({ status: 200, errors: undefined })
})
