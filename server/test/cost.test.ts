import { expect, test } from '@jest/globals'
import { startTestApp, type Answer, type TestApp } from './support/app.ts'
import { frozenClock } from './support/clock.ts'
import { makeArticle, makeMember, makeNamed } from './support/factories.ts'
import { expectUnharmed } from './support/http.ts'
import { firstAnswer } from './support/stream.ts'

// The cost of a query: an expensive one is refused, and others use up more of the caller's rate limit.

const clock = frozenClock(new Date().toISOString())
const app = await startTestApp({
  clock,
  env: { TRUST_PROXY: '1', RATE_LIMIT_ANONYMOUS: '300', RATE_LIMIT_MEMBER: '300' },
})
const production = await startTestApp({ clock, beside: app, production: true })

let hosts = 0
/** Sends a query as a new member. */
const askAsNew = (query: string, { ask }: Pick<TestApp, 'ask'> = app) => {
  const headers = { 'x-forwarded-for': `198.51.100.${(hosts += 1)}` }
  return () => ask(query, { headers })
}
const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code)
const remaining = ({ headers }: Answer) => Number(headers.get('ratelimit-remaining'))

const long = (walks: number): string =>
  `{ articles(first: 100) { ${Array.from({ length: walks }, (_, at) => `n${at}: nodes { ...F }`).join(' ')} } }
   fragment F on Article { id slug title excerpt author { name slug } tags { name slug } access { reason granted } }`

test('refuses a query with a repeated long list before its execution', async () => {
  const answer = await askAsNew(long(15))()
  expect([answer.status, codes(answer), answer.data]).toEqual([400, ['BAD_USER_INPUT'], undefined])
  expect(answer.errors?.[0]?.message).toMatch(
    /^This operation costs \d+(\.\d)? points\. The limit is 10\. Request fewer/,
  )
  await expectUnharmed(app, answer)
})

test('an expensive query uses up more of the rate limit', async () => {
  const ask = askAsNew(long(2))
  const first = await ask()
  expect([first.status, first.errors]).toEqual([200, undefined])
  const cost = 30 - remaining(first)
  expect(cost).toBeGreaterThan(5)
  expect(cost).toBeLessThanOrEqual(10)
  const answers = [await ask(), await ask(), await ask(), await ask(), await ask()]
  const refused = answers.find(({ status }) => status === 429)
  expect([refused && codes(refused), Number(refused?.headers.get('retry-after')) > 0]).toEqual([['RATE_LIMITED'], true])
})

test('an ordinary query costs one point', async () => {
  const answer = await askAsNew('{ articles(first: 10) { nodes { title slug excerpt } } }')()
  expect([answer.status, remaining(answer)]).toEqual([200, 29])
})

test('extensions.cost exists in development only', async () => {
  const query = '{ articles(first: 50) { nodes { title excerpt access { reason } } } }'
  const response = JSON.parse((await askAsNew(query)()).text) as { extensions?: { cost?: unknown } }
  expect(response.extensions?.cost).toEqual({ points: expect.any(Number), most: 10 })
  expect((await askAsNew(query, production)()).text).not.toContain('"cost"')
})

const member = async () => app.issuer.sign({ sub: (await makeMember(app.db, { issuer: app.issuer.url })).subject })
const redeem = (count: number): string =>
  `mutation { ${Array.from({ length: count }, (_, at) => `g${at}: redeemGift(code: "GIFT-0000${at}") { status }`).join(' ')} }`

test('each mutation of a request is charged', async () => {
  const token = await member()
  const three = await app.ask(redeem(3), { token })
  expect([codes(three), remaining(three)]).toEqual([['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'], 22])
  const fifteen = await app.ask(redeem(15), { token })
  expect([fifteen.status, codes(fifteen)]).toEqual([400, ['BAD_USER_INPUT']])
})

test('a refused subscription gets the refusal as its only event', async () => {
  const token = await member()
  const cards = Array.from({ length: 12 }, (_, at) => `b${at}: billing { card { last4 } }`)
  const query = `subscription { viewerChanged { ${cards.join(' ')} } }`
  const { text } = await firstAnswer(app, { query, token })
  expect(text).toContain('BAD_USER_INPUT')
  const dear = 'subscription { viewerChanged { billing { card { last4 } invoices { id } openInvoice { id } } } }'
  const answers = []
  for (let opened = 0; opened < 9; opened++) answers.push(await firstAnswer(app, { query: dear, token }))
  expect(answers.filter((answer) => answer.text.includes('RATE_LIMITED')).length).toBeGreaterThan(0)
})

test('limits the total length of texts in a response', async () => {
  const author = await makeNamed(app.db, 'author')
  const previewHtml = `<p>${'word '.repeat(25_000)}</p>`
  for (let made = 0; made < 4; made++) {
    const { id } = await makeArticle(app.db, { authorId: author })
    await app.db.article.update({ where: { id }, data: { previewHtml } })
  }
  const { slug } = await app.db.author.findUniqueOrThrow({ where: { id: author } })
  const list = (first: number) => askAsNew(`{ articles(first: ${first}, author: "${slug}") { nodes { preview } } }`)()
  expect((await list(2)).data.articles.nodes).toHaveLength(2)
  const answer = await list(4)
  expect([answer.status, codes(answer), answer.data]).toEqual([400, ['BAD_USER_INPUT'], { articles: null }])
  expect(answer.text.length).toBeLessThan(500)
})
