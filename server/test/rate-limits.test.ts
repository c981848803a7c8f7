import { expect, test } from '@jest/globals'
import { startTestApp, type Answer } from './support/app.ts'
import { frozenClock } from './support/clock.ts'
import { makeArticle, makeMember, makeMembership, makePlan, unique } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'

// G32: rate limits apply per caller. The tests set the address with the header of the single trusted proxy.

const clock = frozenClock(new Date().toISOString())
const app = await startTestApp({
  clock,
  env: { RATE_LIMIT_ANONYMOUS: '5', RATE_LIMIT_MEMBER: '8', RATE_LIMIT_BAD_TOKEN: '3', TRUST_PROXY: '1' },
})
const direct = await startTestApp({ clock, env: { RATE_LIMIT_ANONYMOUS: '5' }, beside: app })
const query =
  '{ articles(first: 5) { nodes { id title author { name } tags { name } access { reason requiredPlans { slug } } } } }'
let hosts = 0
/** Returns a new address. */
const address = (): string => `198.51.100.${(hosts += 1)}`
const member = async () => app.issuer.sign({ sub: (await makeMember(app.db, { issuer: app.issuer.url })).subject })

const ask = (from: string, token?: string) => app.ask(query, { token, headers: { 'x-forwarded-for': from } })
const many = (count: number, from: string, token?: string) =>
  Promise.all(Array.from({ length: count }, () => ask(from, token)))
const counts = (answers: readonly { status: number }[]) => {
  const byStatus: Record<number, number> = {}
  for (const { status } of answers) byStatus[status] = (byStatus[status] ?? 0) + 1
  return byStatus
}

async function expectLimited(answer: Answer, limit: number): Promise<void> {
  expect(answer.status).toBe(429)
  expect(JSON.parse(answer.text)).toEqual({
    errors: [
      {
        message: 'Too many requests. Try again after the number of seconds in Retry-After.',
        extensions: { code: 'RATE_LIMITED', requestId: answer.headers.get('x-request-id') },
      },
    ],
  })
  const wait = Number(answer.headers.get('retry-after'))
  expect(wait).toBe(Math.ceil(60 / limit))
  expect(answer.headers.get('ratelimit-policy')).toBe(`${limit};w=60;burst=${limit}`)
  expect(answer.headers.get('ratelimit-limit')).toBe(String(limit))
  expect(answer.headers.get('ratelimit-remaining')).toBe('0')
  expect(answer.headers.get('ratelimit-reset')).toBe('60')
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  await expectUnharmed(app, answer)
}

test('G32: limits 100 concurrent queries of an address to five', async () => {
  const from = address()
  const answers = await many(100, from)
  expect(counts(answers)).toEqual({ 200: 5, 429: 95 })
  for (const answer of answers.filter(({ status }) => status === 429).slice(0, 3)) await expectLimited(answer, 5)
})

test('G32: other addresses and members of the address are unaffected', async () => {
  const [from, token] = [address(), await member()]
  await many(10, from)
  expect((await ask(from)).status).toBe(429)
  expect((await ask(address())).status).toBe(200)
  expect((await ask(from, token)).status).toBe(200)
})

test('G32: limits 100 queries of a member on many addresses to eight', async () => {
  const token = await member()
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(address(), token)))
  expect(counts(answers)).toEqual({ 200: 8, 429: 92 })
  await expectLimited(answers.find(({ status }) => status === 429) as Answer, 8)
})

test('G32: another token of the same member shares the limit, another member does not', async () => {
  const { subject } = await makeMember(app.db, { issuer: app.issuer.url })
  const from = address()
  for (const nonce of ['a', 'b', 'c', 'd']) await many(3, from, app.issuer.sign({ sub: subject, nonce }))
  expect((await ask(from, app.issuer.sign({ sub: subject, nonce: 'e' }))).status).toBe(429)
  expect((await ask(from, await member())).status).toBe(200)
  expect((await ask(from)).status).toBe(200)
})

test('G32: each response reports the remaining points', async () => {
  const from = address()
  const remaining: (string | null)[] = []
  for (let index = 0; index < 5; index += 1) remaining.push((await ask(from)).headers.get('ratelimit-remaining'))
  expect(remaining).toEqual(['4', '3', '2', '1', '0'])
  await expectLimited(await ask(from), 5)
})

test('G47: the limit refills gradually, and Retry-After suffices', async () => {
  const from = address()
  await many(5, from)
  expect((await ask(from)).headers.get('retry-after')).toBe('12')
  clock.advance(12)
  expect(counts(await many(3, from))).toEqual({ 200: 1, 429: 2 })
  clock.advance(24)
  expect(counts(await many(3, from))).toEqual({ 200: 2, 429: 1 })
})

test('G32: invalid tokens have their own limit', async () => {
  const from = address()
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(from, `x.${unique()}.z`)))
  expect(counts(answers)).toEqual({ 401: 3, 429: 17 })
  await expectLimited(answers.find(({ status }) => status === 429) as Answer, 3)
  expect((await ask(from)).status).toBe(200)
  expect((await ask(from, await member())).status).toBe(200)
  expect((await ask(address(), 'x.y.z')).status).toBe(401)
})

test('G32: invalid tokens do not use up the address’s limit', async () => {
  const from = address()
  await many(3, from, 'x.y.z')
  expect(counts(await many(6, from))).toEqual({ 200: 5, 429: 1 })
})

test.each<[string, (from: string) => Parameters<typeof send>[1]]>([
  ['bad JSON', (from) => ({ headers: { ...json, 'x-forwarded-for': from }, body: '{{{' })],
  ['bad queries', (from) => ({ headers: { ...json, 'x-forwarded-for': from }, body: { query: '{ nope }' } })],
  ['wrong types', (from) => ({ headers: { 'content-type': 'text/plain', 'x-forwarded-for': from }, body: 'x' })],
  ['large requests', (from) => ({ headers: { ...json, 'x-forwarded-for': from }, body: 'x'.repeat(100_001) })],
  [
    'queries by GET',
    (from) => ({
      method: 'GET',
      path: '/graphql?query=%7B__typename%7D',
      headers: { 'apollo-require-preflight': '1', 'x-forwarded-for': from },
    }),
  ],
])('G32: %s count too', async (_title, request) => {
  const from = address()
  for (let index = 0; index < 5; index += 1) expect((await send(app, request(from))).status).not.toBe(429)
  expect((await send(app, request(from))).status).toBe(429)
})

test('G32: the addresses of one IPv6 network are one caller', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => ask(`2001:db8:1:2:${index}::${index + 1}`)),
  )
  expect(counts(answers)).toEqual({ 200: 5, 429: 5 })
  expect((await ask('2001:db8:1:3::1')).status).toBe(200)
})

test('G32: ignores a forwarded address that the caller added', async () => {
  const from = address()
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(`203.0.113.${index}, ${from}`)))
  expect(counts(answers)).toEqual({ 200: 5, 429: 5 })
})

test('G32: ignores forwarded addresses without a trusted proxy', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      direct.ask('{ __typename }', { headers: { 'x-forwarded-for': `203.0.113.${index}` } }),
    ),
  )
  expect(counts(answers)).toEqual({ 200: 5, 429: 5 })
})
const bodies = await startTestApp({ clock, env: { MAX_BODIES_PER_ANSWER: '3' }, beside: app })
const plan = await makePlan(app.db)
const holder = await makeMember(app.db, { issuer: app.issuer.url })
await makeMembership(app.db, holder.id, plan.id)
const authorId = (
  await app.db.author.create({ data: { id: crypto.randomUUID(), slug: `author-${unique()}`, name: 'A' } })
).id
const author = (await app.db.author.findUniqueOrThrow({ where: { id: authorId } })).slug
const slugs: string[] = []
for (let index = 0; index < 5; index += 1)
  slugs.push((await makeArticle(app.db, { visibility: 'PAID', authorId })).slug)
const one = (slug = '') => `article(slug: "${slug}") { body { rest } }`

test.each([
  ['a list', `{ articles(author: "${author}") { nodes { body { rest } } } }`, 5],
  ['edges', `{ articles(author: "${author}") { edges { node { body { html } } } } }`, 5],
  [
    'nodes and edges of one list',
    `{ articles(author: "${author}", first: 2) { nodes { body { rest } } edges { node { body { rest } } } } }`,
    4,
  ],
  ['aliases of five articles', `{ ${slugs.map((slug, index) => `a${index}: ${one(slug)}`).join(' ')} }`, 5],
  ['aliases of one article', `{ ${slugs.map((_, index) => `a${index}: ${one(slugs[0])}`).join(' ')} }`, 5],
  [
    'aliases of one body',
    `{ article(slug: "${slugs[0]}") { a: body { rest } b: body { rest } c: body { html } d: body { html } e: body { rest } } }`,
    5,
  ],
  [
    'fragments',
    `fragment F on Article { body { rest } } { articles(author: "${author}") { nodes { ...F } } a: article(slug: "${slugs[0]}") { ...F } }`,
    6,
  ],
])('G32: at most three bodies by %s', async (_title, query, requested) => {
  const { status, errors, text } = await bodies.ask(query, { token: app.issuer.sign({ sub: holder.subject }) })
  expect(status).toBe(200)
  expect(text.match(/Secret of/g)).toHaveLength(3)
  expect(errors).toHaveLength(requested - 3)
  expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
})

test('G32: refused bodies do not count', async () => {
  const open = await makeArticle(app.db)
  const query = `{ articles(author: "${author}") { nodes { body { rest } } } ${one(open.slug)} }`
  const { data, errors } = await bodies.ask(query)
  expect(data.article.body.rest).toContain(open.slug)
  expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['UNAUTHENTICATED']))
})

test('G32: the limit of bodies is per response', async () => {
  const token = app.issuer.sign({ sub: holder.subject })
  for (let index = 0; index < 3; index += 1) {
    const { text } = await bodies.ask(`{ articles(author: "${author}", first: 3) { nodes { body { rest } } } }`, {
      token,
    })
    expect(text.match(/Secret of/g)).toHaveLength(3)
  }
})
