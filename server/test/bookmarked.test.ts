import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../src/db/index.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, unique, type MadeArticle } from './support/factories.ts'

// Article.bookmarked is the member's own bookmark, or null for readers without bookmarks. It never causes an error.

const app = await startTestApp()
const { ask, db, issuer } = app

const tokens = new Map<string, string | undefined>()
let tag: string
let kept: MadeArticle
let other: MadeArticle

beforeAll(async () => {
  const tagId = await makeNamed(db, 'tag')
  tag = (await db.tag.findUniqueOrThrow({ where: { id: tagId } })).slug
  const day = 86_400_000
  const make = (daysAgo: number) =>
    makeArticle(db, { visibility: 'PAID', tagIds: [tagId], publishedAt: new Date(Date.now() - daysAgo * day) })
  kept = await make(1)
  other = await make(2)
  const reader = async (who: string, articles: readonly MadeArticle[], fields: { disabled?: boolean } = {}) => {
    const member = await makeMember(db, { issuer: issuer.url, ...fields })
    await db.bookmark.createMany({
      data: articles.map(({ id }) => ({ memberId: member.id, articleId: id, createdAt: new Date() })),
    })
    const permissions = who === 'staff' ? ['write:articles', 'read:members'] : []
    tokens.set(who, issuer.sign({ sub: member.subject, permissions }))
  }
  tokens.set('anonymous', undefined)
  tokens.set('an anonymous session', issuer.sign({ sub: `anon@${unique()}` }))
  tokens.set('a new member', issuer.sign({ sub: `auth0|${unique()}` }))
  await reader('a member with a bookmark', [kept])
  await reader('a member with another bookmark', [other])
  await reader('a member with both bookmarks', [kept, other])
  await reader('a member without bookmarks', [])
  await reader('staff', [])
  await reader('a disabled member', [kept, other], { disabled: true })
})

const query = `query ($tag: String, $slug: String!) {
  articles(tag: $tag) { nodes { slug bookmarked } edges { node { bookmarked } } }
  article(slug: $slug) { bookmarked }
}`

test.each<[string, boolean | null, boolean | null]>([
  // reader, value for `kept`, value for `other`
  ['anonymous', null, null],
  ['an anonymous session', null, null],
  ['a disabled member', null, null],
  ['a new member', false, false],
  ['a member without bookmarks', false, false],
  ['staff', false, false],
  ['a member with a bookmark', true, false],
  ['a member with another bookmark', false, true],
  ['a member with both bookmarks', true, true],
])('%s: %j and %j', async (who, ofKept, ofOther) => {
  const { status, data, errors } = await ask(query, { token: tokens.get(who), variables: { tag, slug: kept.slug } })
  expect([status, errors]).toEqual([200, undefined])
  expect(data).toEqual({
    articles: {
      nodes: [
        { slug: kept.slug, bookmarked: ofKept },
        { slug: other.slug, bookmarked: ofOther },
      ],
      edges: [{ node: { bookmarked: ofKept } }, { node: { bookmarked: ofOther } }],
    },
    article: { bookmarked: ofKept },
  })
})

test('is true for every article in `bookmarks`', async () => {
  const { data } = await ask('{ bookmarks { nodes { bookmarked } } }', {
    token: tokens.get('a member with both bookmarks'),
  })
  expect(data.bookmarks.nodes).toEqual([{ bookmarked: true }, { bookmarked: true }])
})

describe('after a change', () => {
  const newcomer = async () => issuer.sign({ sub: (await makeMember(db, { issuer: issuer.url })).subject })
  const change = async (token: string, operations: string, id: string) => {
    const { data, errors } = await ask(`mutation ($id: ID!) { ${operations} }`, { token, variables: { id } })
    expect(errors).toBeUndefined()
    return data as Record<string, { bookmarked: boolean | null }>
  }
  const add = 'addBookmark(articleId: $id) { bookmarked }'
  const remove = 'removeBookmark(articleId: $id) { bookmarked }'

  test('the response and later ones have the new value', async () => {
    const token = await newcomer()
    const stored = async () =>
      (await ask(query, { token, variables: { tag, slug: kept.slug } })).data.article.bookmarked as boolean
    for (const round of [1, 2]) {
      expect([round, await change(token, add, kept.id)]).toEqual([round, { addBookmark: { bookmarked: true } }])
      expect(await stored()).toBe(true)
    }
    for (const round of [1, 2]) {
      expect([round, await change(token, remove, kept.id)]).toEqual([round, { removeBookmark: { bookmarked: false } }])
      expect(await stored()).toBe(false)
    }
  })

  test('each mutation of a request returns its own result', async () => {
    const operations = `a: ${add} b: ${remove} c: ${remove} d: ${add} e: ${remove} f: ${add}`
    const answers = await change(await newcomer(), operations, kept.id)
    const order = Object.entries(answers).map(([name, { bookmarked }]) => `${name} ${bookmarked}`)
    expect(order).toEqual(['a true', 'b false', 'c false', 'd true', 'e false', 'f true'])
  })

  test('an id in upper case is the same article', async () => {
    const operations = `a: ${add} b: removeBookmark(articleId: "${kept.id}") { bookmarked } c: ${add}`
    expect(await change(await newcomer(), operations, kept.id.toUpperCase())).toEqual({
      a: { bookmarked: true },
      b: { bookmarked: false },
      c: { bookmarked: true },
    })
  })

  test('a change does not affect another article', async () => {
    const operations = `a: ${add} b: removeBookmark(articleId: "${other.id}") { bookmarked } c: ${add}`
    expect(await change(await newcomer(), operations, kept.id)).toEqual({
      a: { bookmarked: true },
      b: { bookmarked: false },
      c: { bookmarked: true },
    })
  })

  test('a bookmark is not visible to another member', async () => {
    const [ada, bea] = [await newcomer(), await newcomer()]
    await change(ada, add, kept.id)
    expect(await change(bea, `${remove} ${add}`, kept.id)).toEqual({
      removeBookmark: { bookmarked: false },
      addBookmark: { bookmarked: true },
    })
    await change(ada, remove, kept.id)
    const { data } = await ask(query, { token: bea, variables: { tag, slug: kept.slug } })
    expect(data.article).toEqual({ bookmarked: true })
  })
})

const gone = () => Promise.reject(new Error('the query failed'))
const broken = [
  ['bookmarks', await startTestApp({ beside: without({ bookmark: { findMany: gone } }) })],
  ['members', await startTestApp({ beside: without({ member: { findFirst: gone } }) })],
] as const

/** Returns the same database with one kind of query failing. */
function without(extension: object): { db: Database; issuer: typeof issuer } {
  return { issuer, db: db.$extends({ query: extension }) as unknown as Database }
}

test.each(broken)('is null and logged if %s cannot be read', async (_what, { ask, logs }) => {
  const from = logs.length
  const { status, data, errors } = await ask('query ($tag: String) { articles(tag: $tag) { nodes { bookmarked } } }', {
    token: tokens.get('a member with both bookmarks'),
    variables: { tag },
  })
  expect([status, errors]).toEqual([200, undefined])
  expect(data.articles.nodes).toEqual([{ bookmarked: null }, { bookmarked: null }])
  const failures = logs.slice(from).filter((line) => line.includes('bookmarks could not be looked up'))
  expect(failures).toHaveLength(1)
  expect(failures[0]).toContain('the query failed')
})
