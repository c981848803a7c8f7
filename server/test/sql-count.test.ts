import { beforeAll, expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeMembership, makeNamed, makePlan } from './support/factories.ts'
import { watchStatements } from './support/statements.ts'

// The number of SQL statements of a query does not depend on the length of its list.

const statements = watchStatements()
const { ask, db, issuer } = await startTestApp()
let token: string
let tag: string
let slugs: string[]

beforeAll(async () => {
  const supporter = await makePlan(db, { monthly: 500 })
  const patron = await makePlan(db, { monthly: 1500, includes: [supporter.id] })
  const tagIds = [await makeNamed(db, 'tag'), await makeNamed(db, 'tag')]
  tag = (await db.tag.findUniqueOrThrow({ where: { id: tagIds[0] ?? '' } })).slug
  slugs = []
  for (let index = 0; index < 50; index += 1) {
    const visibility = (['PLANS', 'PUBLIC', 'MEMBERS', 'PAID', 'PAID'] as const)[index % 5] ?? 'PAID'
    const planIds = visibility === 'PLANS' ? [supporter.id, patron.id] : []
    const seriesId = await makeNamed(db, 'series')
    slugs.push((await makeArticle(db, { visibility, planIds, seriesId, tagIds })).slug)
  }
  const member = await makeMember(db, { issuer: issuer.url })
  await makeMembership(db, member.id, patron.id)
  await makeMembership(db, member.id, supporter.id, { status: 'ENDED', endedAt: new Date() })
  token = issuer.sign({ sub: member.subject })
})

const head = `id title visibility author { name } tags { name } series { name }
  access { granted reason until requiredPlans { name includes { name } } }`
const list = `articles(first: $first, tag: $tag) { nodes { ${head} } edges { node { ${head} } } pageInfo { endCursor } }`
const bodies = (count: number) =>
  slugs.slice(0, count).map((slug, index) => `b${index}: article(slug: "${slug}") { body { html } }`)
const question = (fields: string) => `query ($first: Int, $tag: String) { ${fields} }`

/** Sends a query and counts the statements by the first table that they read. */
async function statementsOf(query: string, first: number, as: string | undefined = token) {
  statements.length = 0
  const { errors } = await ask(query, { variables: { first, tag }, token: as })
  if (as) expect(errors).toBeUndefined()
  const counts: Record<string, number> = {}
  for (const sql of statements) {
    const table = sql.includes('plan_inclusion')
      ? 'plans'
      : (/(?:FROM|INTO) (?:"public"\.)?"?(\w+)/.exec(sql)?.[1] ?? sql)
    counts[table] = (counts[table] ?? 0) + 1
  }
  return counts
}

const onceEach = (...tables: string[]) => Object.fromEntries(tables.map((table) => [table, 1]))
const ofList = ['article', 'article_requirement', 'article_tag', 'author', 'member', 'membership', 'plans', 'series']

test.each([5, 50])('a list of %i costs eight statements', async (first) => {
  expect(await statementsOf(question(list), first)).toEqual(onceEach(...ofList))
})

test.each([5, 30])('a list of %i with ten bodies costs at most thirteen', async (first) => {
  const { article_body, article_requirement, ...others } = await statementsOf(
    question(`${list} ${bodies(10).join(' ')}`),
    first,
  )
  // One statement for the list by tag, one for the ten articles by slug.
  expect({ ...others, article_requirement: 1 }).toEqual({ ...onceEach(...ofList), article: 2 })
  // The two are loaded at different times, because a public article does not wait for the reader and the memberships.
  expect(article_requirement).toBeLessThanOrEqual(2)
  expect(article_body).toBeLessThanOrEqual(3)
})

test.each([1, 5, 10])('%i bodies cost at most eight statements', async (count) => {
  const { article_body, ...others } = await statementsOf(question(bodies(count).join(' ')).replace(/\(.*?\)/, ''), 0)
  expect(others).toEqual(onceEach('article', 'article_requirement', 'member', 'membership', 'plans'))
  expect(article_body).toBeLessThanOrEqual(Math.min(count, 3))
})

test('anonymous readers are not looked up', async () => {
  const counts = await statementsOf(question(`${list} ${bodies(10).join(' ')} viewer { id }`), 30, '')
  expect(counts).toMatchObject({ article: 2, plans: 1 })
  expect(Object.keys(counts).filter((table) => table.startsWith('member'))).toEqual([])
})

const marked = list.replaceAll('id title', 'id title bookmarked')

test.each([5, 50])('bookmarked in a list of %i costs one more statement', async (first) => {
  expect(await statementsOf(question(marked), first)).toEqual(onceEach(...ofList, 'bookmark'))
})

test('bookmarked costs no statement for anonymous readers', async () => {
  const counts = await statementsOf(question(list), 50, '')
  expect(await statementsOf(question(marked), 50, '')).toEqual(counts)
  expect(Object.keys(counts)).not.toContain('member')
})

test('bookmarked reads no bookmarks of a disabled member', async () => {
  const disabled = await makeMember(db, { issuer: issuer.url, disabled: true })
  const counts = await statementsOf(question(marked), 50, issuer.sign({ sub: disabled.subject }))
  expect(Object.keys(counts).filter((table) => ['bookmark', 'member'].includes(table))).toEqual(['member'])
})

test.each(['addBookmark', 'removeBookmark'])('%s does not read the bookmark again', async (change) => {
  const { id } = await makeArticle(db)
  const as = issuer.sign({ sub: (await makeMember(db, { issuer: issuer.url })).subject })
  const mutation = (fields: string) => `mutation { ${change}(articleId: "${id}") { ${fields} } }`
  const counts = await statementsOf(mutation('id bookmarked'), 0, as)
  expect(counts).toEqual(await statementsOf(mutation('id'), 0, as))
  expect(counts).toMatchObject(onceEach('bookmark', 'member'))
})

test('memberships are read once per request', async () => {
  const held = `viewer { membership { plan { name } } memberships { plan { name includes { name } } } }`
  const counts = await statementsOf(question(`${list} ${bodies(10).join(' ')} ${held} again: ${held}`), 30)
  expect(counts).toMatchObject(onceEach('member', 'membership', 'plans'))
})

test.each([
  ['PUBLIC', []],
  ['MEMBERS', ['member']],
  ['PAID', ['member', 'membership']],
] as const)('%s looks up %j', async (visibility, tables) => {
  const { slug } = await makeArticle(db, { visibility })
  const counts = await statementsOf(`{ article(slug: "${slug}") { access { reason } body { html } } }`, 0)
  expect(counts).toEqual(onceEach('article', 'article_body', 'article_requirement', 'plans', ...tables))
})

test.each([
  ['{ plans { name includes { name } monthly { amountMinor } } }', ['plans']],
  ['{ viewer { id name subject } }', ['member']],
  ['{ ping { calls callsByEveryone } }', ['call_counter', 'member']],
  ['{ bookmarks { nodes { title } } }', ['bookmark', 'member']],
  ['{ article(slug: "none") { title } }', ['article']],
  ['{ __typename }', []],
])('%s reads %j', async (query, tables) => {
  expect(await statementsOf(query, 0)).toEqual(onceEach(...tables))
})
