import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../src/db/index.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, unique, type MadeArticle } from './support/factories.ts'

// Article.bookmarked: one's own bookmark, or null for whoever has none to see. Never an error.

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
  tokens.set('somebody never seen before', issuer.sign({ sub: `auth0|${unique()}` }))
  await reader('a member with a bookmark', [kept])
  await reader('a member with another', [other])
  await reader('a member with both', [kept, other])
  await reader('a member without', [])
  await reader('staff', [])
  await reader('a disabled member', [kept, other], { disabled: true })
})

const query = `query ($tag: String, $slug: String!) {
  articles(tag: $tag) { nodes { slug bookmarked } edges { node { bookmarked } } }
  article(slug: $slug) { bookmarked }
}`

test.each<[string, boolean | null, boolean | null]>([
  // who asks, of `kept`, of `other`
  ['anonymous', null, null],
  ['an anonymous session', null, null],
  ['a disabled member', null, null],
  ['somebody never seen before', false, false],
  ['a member without', false, false],
  ['staff', false, false],
  ['a member with a bookmark', true, false],
  ['a member with another', false, true],
  ['a member with both', true, true],
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

test('is true all along one’s bookmarks', async () => {
  const { data } = await ask('{ bookmarks { nodes { bookmarked } } }', { token: tokens.get('a member with both') })
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

  test('the answer says what is true now, and so do later ones', async () => {
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

  test('each of several in one request says what was true after it', async () => {
    const operations = `a: ${add} b: ${remove} c: ${remove} d: ${add} e: ${remove} f: ${add}`
    const answers = await change(await newcomer(), operations, kept.id)
    const order = Object.entries(answers).map(([name, { bookmarked }]) => `${name} ${bookmarked}`)
    expect(order).toEqual(['a true', 'b false', 'c false', 'd true', 'e false', 'f true'])
  })

  test('an id in capitals is the same article', async () => {
    const operations = `a: ${add} b: removeBookmark(articleId: "${kept.id}") { bookmarked } c: ${add}`
    expect(await change(await newcomer(), operations, kept.id.toUpperCase())).toEqual({
      a: { bookmarked: true },
      b: { bookmarked: false },
      c: { bookmarked: true },
    })
  })

  test('of one article another keeps its own answer', async () => {
    const operations = `a: ${add} b: removeBookmark(articleId: "${other.id}") { bookmarked } c: ${add}`
    expect(await change(await newcomer(), operations, kept.id)).toEqual({
      a: { bookmarked: true },
      b: { bookmarked: false },
      c: { bookmarked: true },
    })
  })

  test('of one member nothing shows to another', async () => {
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

const gone = () => Promise.reject(new Error('no such luck'))
const broken = [
  ['bookmarks', await startTestApp({ beside: without({ bookmark: { findMany: gone } }) })],
  ['members', await startTestApp({ beside: without({ member: { findFirst: gone } }) })],
] as const

/** The same database, where one kind of look-up fails. */
function without(extension: object): { db: Database; issuer: typeof issuer } {
  return { issuer, db: db.$extends({ query: extension }) as unknown as Database }
}

test.each(broken)('where %s cannot be read it is null, and the log says why', async (_what, { ask, logs }) => {
  const from = logs.length
  const { status, data, errors } = await ask('query ($tag: String) { articles(tag: $tag) { nodes { bookmarked } } }', {
    token: tokens.get('a member with both'),
    variables: { tag },
  })
  expect([status, errors]).toEqual([200, undefined])
  expect(data.articles.nodes).toEqual([{ bookmarked: null }, { bookmarked: null }])
  const failures = logs.slice(from).filter((line) => line.includes('bookmarks could not be looked up'))
  expect(failures).toHaveLength(1)
  expect(failures[0]).toContain('no such luck')
})
