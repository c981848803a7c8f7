import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { frozenClock } from './support/clock.ts'
import { startTestApp, type Answer } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, type MadeArticle } from './support/factories.ts'

// An unpublished article looks like one that does not exist, also for staff.

const clock = frozenClock(new Date().toISOString())
const { ask, db, issuer } = await startTestApp({ clock })
const hour = 3_600_000

const tokens = new Map<string, string | undefined>()
const articles = new Map<string, MadeArticle>()
let tag: { slug: string }

beforeAll(async () => {
  const member = await makeMember(db, { issuer: issuer.url })
  const staff = await makeMember(db, { issuer: issuer.url })
  tokens.set('anonymous', undefined)
  tokens.set('member', issuer.sign({ sub: member.subject }))
  tokens.set('staff', issuer.sign({ sub: staff.subject, permissions: ['write:articles'] }))
  const tagId = await makeNamed(db, 'tag')
  tag = await db.tag.findUniqueOrThrow({ where: { id: tagId }, select: { slug: true } })
  const now = clock.business().getTime()
  const make = async (name: string, publishedAt: Date | null) =>
    articles.set(name, await makeArticle(db, { publishedAt, tagIds: [tagId] }))
  await make('published', new Date(now))
  await make('draft', null)
  await make('scheduled', new Date(now + hour))
  await make('due in a millisecond', new Date(now + 1))
  for (const { id: memberId } of [member, staff]) {
    for (const { id: articleId } of articles.values()) {
      await db.bookmark.create({ data: { memberId, articleId, createdAt: new Date() } })
    }
  }
})

const hidden = ['draft', 'scheduled', 'due in a millisecond']
const cases = ['anonymous', 'member', 'staff'].flatMap((who) => hidden.map((what) => [who, what] as const))
/** Returns a response without the parts that always differ. */
const comparable = ({ status, headers, text }: Answer) => ({
  status,
  headers: [...headers].filter(([name]) => !/^(x-request-id|date|ratelimit-.*)$/.test(name)),
  text,
})

test.each(cases)('%s gets the same null for an article that is %s', async (who, what) => {
  const token = tokens.get(who)
  const { slug, id } = articles.get(what) as MadeArticle
  const query = 'query ($slug: String!) { article(slug: $slug) { id slug body { html } } }'
  const unknown = await ask(query, { token, variables: { slug: 'article-00000000' } })
  expect(comparable(await ask(query, { token, variables: { slug } }))).toEqual(comparable(unknown))
  expect(comparable(await ask(query, { token, variables: { slug: id } }))).toEqual(comparable(unknown))
  expect([unknown.data, unknown.errors]).toEqual([{ article: null }, undefined])
})

test.each(cases)('%s cannot detect an article that is %s by bookmarks', async (who, what) => {
  const token = tokens.get(who)
  const { id } = articles.get(what) as MadeArticle
  for (const name of ['addBookmark', 'removeBookmark']) {
    const query = `mutation ($id: ID!) { ${name}(articleId: $id) { id slug body { html } } }`
    const unknown = await ask(query, { token, variables: { id: randomUUID() } })
    expect(comparable(await ask(query, { token, variables: { id } }))).toEqual(comparable(unknown))
    expect(unknown.data).toEqual({ [name]: null })
    expect(unknown.errors?.[0]?.extensions.code).toBe(token ? 'NOT_FOUND' : 'UNAUTHENTICATED')
  }
})

test.each(['anonymous', 'member', 'staff'])('%s sees only published articles in lists', async (who) => {
  const token = tokens.get(who)
  const { data } = await ask(
    `query ($tag: String) { articles(tag: $tag) { nodes { slug } pageInfo { hasNextPage } } bookmarks { nodes { slug } } }`,
    { token, variables: { tag: tag.slug } },
  )
  const published = { nodes: [{ slug: articles.get('published')?.slug }] }
  expect(data.articles).toEqual({ ...published, pageInfo: { hasNextPage: false } })
  expect(data.bookmarks).toEqual(token ? published : null)
})

test('a scheduled article appears at its instant', async () => {
  const { slug } = articles.get('due in a millisecond') as MadeArticle
  const query = 'query ($slug: String!) { article(slug: $slug) { slug } }'
  clock.advance(0.001)
  const { data } = await ask(query, { variables: { slug } })
  expect(data.article).toEqual({ slug })
})
