import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { encodeCursor } from '../src/lib/pagination.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, type NewArticle } from './support/factories.ts'

const { ask, db, issuer } = await startTestApp()
const ago = (milliseconds: number): Date => new Date(Date.now() - 86_400_000 - milliseconds)
const slugOf = async (table: 'author' | 'series' | 'tag', id: string): Promise<string> =>
  (await (db[table] as typeof db.author).findUniqueOrThrow({ where: { id } })).slug

interface Page {
  readonly nodes: { readonly id: string }[]
  readonly edges: { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}
type Filter = Partial<Record<'tag' | 'author' | 'series', string>>

const fields =
  'nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
const query = `query ($first: Int, $after: String, $tag: String, $author: String, $series: String) {
  articles(first: $first, after: $after, tag: $tag, author: $author, series: $series) { ${fields} } }`

async function page(filter: Filter, first: number, after: string | null = null): Promise<Page> {
  const { data, errors } = await ask(query, { variables: { ...filter, first, after } })
  expect(errors).toBeUndefined()
  return data.articles as Page
}

/** Reads all pages and calls a function before each page except the first. */
async function walk(
  next: (after: string | null) => Promise<Page>,
  between: (page: number) => Promise<unknown> = async () => null,
) {
  const ids: string[] = []
  let after: string | null = null
  for (let count = 0; ; count += 1) {
    if (count > 0) await between(count)
    const { nodes, edges, pageInfo } = await next(after)
    expect(edges.map(({ node }) => node)).toEqual(nodes)
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null])
    expect(pageInfo.hasPreviousPage).toBe(count > 0)
    ids.push(...nodes.map(({ id }) => id))
    if (!pageInfo.hasNextPage) return { ids, pages: count + 1 }
    after = pageInfo.endCursor
  }
}

/** Creates a tag with articles. Default: an hour apart. @returns the tag and the ids, newest first */
async function shelf(count: number, publishedAt = (index: number): Date => ago(index * 3_600_000)) {
  const tagId = await makeNamed(db, 'tag')
  const add = async (article: NewArticle) => (await makeArticle(db, { tagIds: [tagId], ...article })).id
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) ids.push(await add({ publishedAt: publishedAt(index) }))
  return { tag: await slugOf('tag', tagId), ids, add }
}

const withdraw = (id: string) => db.article.update({ where: { id }, data: { publishedAt: null } })

describe('pages of three', () => {
  test('contain every article once, newest first', async () => {
    const { tag, ids } = await shelf(10)
    expect(await walk((after) => page({ tag }, 3, after))).toEqual({ ids, pages: 4 })
  })

  test('order articles of the same instant by id', async () => {
    const instant = ago(0)
    const { tag, ids } = await shelf(8, () => instant)
    expect(await walk((after) => page({ tag }, 3, after))).toEqual({ ids: ids.sort().reverse(), pages: 3 })
  })

  test('distinguish instants by the millisecond', async () => {
    const { tag, ids } = await shelf(7, (index) => new Date(1_700_000_000_000 - index))
    expect((await walk((after) => page({ tag }, 2, after))).ids).toEqual(ids)
  })

  test('neither skip nor repeat articles while others are published', async () => {
    const { tag, ids, add } = await shelf(9)
    const walked = await walk(
      (after) => page({ tag }, 3, after),
      async (count) => {
        await add({ publishedAt: new Date(Date.now() - 1000) })
        await add({ publishedAt: ago(-count) })
      },
    )
    expect(walked).toEqual({ ids, pages: 3 })
  })

  test('contain articles that are published further down', async () => {
    const { tag, ids, add } = await shelf(6)
    const added: string[] = []
    const { ids: walked } = await walk(
      (after) => page({ tag }, 3, after),
      async () => {
        added.push(await add({ publishedAt: ago(3_600_000 * 4.5) }))
      },
    )
    expect(walked.slice(0, 5)).toEqual(ids.slice(0, 5))
    expect(walked.slice(5)).toEqual([added[0], ids[5]])
  })

  test('neither skip nor repeat articles while others are withdrawn', async () => {
    const { tag, ids } = await shelf(9)
    // An article on an earlier page, the one of the cursor, and one on a later page.
    const gone = [
      [ids[0], ids[2]],
      [ids[4], ids[5], ids[7]],
    ]
    const walked = await walk(
      (after) => page({ tag }, 3, after),
      async (count) => {
        for (const id of gone[count - 1] ?? []) await withdraw(id ?? '')
      },
    )
    expect(walked.ids).toEqual([...ids.slice(0, 6), ids[6], ids[8]])
  })

  test.each([
    [0, 3, 1],
    [1, 3, 1],
    [2, 3, 1],
    [3, 3, 1],
    [4, 3, 2],
    [6, 3, 2],
    [7, 3, 3],
    [1, 1, 1],
    [2, 1, 2],
  ])('%i articles by %i are %i pages', async (count, first, pages) => {
    const { tag, ids } = await shelf(count)
    expect(await walk((after) => page({ tag }, first, after))).toEqual({ ids, pages })
  })

  test('a page has at most a hundred articles', async () => {
    const { tag } = await shelf(1)
    expect((await page({ tag }, 100)).nodes).toHaveLength(1)
    for (const first of [101, 0, -1, 2_147_483_647, -2_147_483_648, null]) {
      const { data, errors } = await ask(query, { variables: { tag, first } })
      expect(data).toEqual({ articles: null })
      expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
        ['first must be a number from 1 to 100.', 'BAD_USER_INPUT'],
      ])
    }
  })

  test('the default page has twenty articles', async () => {
    const { tag } = await shelf(21)
    const { data } = await ask('query ($tag: String) { articles(tag: $tag) { nodes { id } } }', { variables: { tag } })
    expect(data.articles.nodes).toHaveLength(20)
  })
})

describe('filters', () => {
  test('can be combined and paginated', async () => {
    const [authorId, seriesId, tagId, otherTag] = [
      await makeNamed(db, 'author'),
      await makeNamed(db, 'series'),
      await makeNamed(db, 'tag'),
      await makeNamed(db, 'tag'),
    ]
    const all: NewArticle = { authorId, seriesId, tagIds: [otherTag, tagId] }
    const ids: string[] = []
    for (let index = 0; index < 4; index += 1) {
      ids.push((await makeArticle(db, { ...all, publishedAt: ago(index * 3_600_000) })).id)
      await makeArticle(db, { authorId, seriesId, publishedAt: ago(index * 3_600_000) })
      await makeArticle(db, { authorId, tagIds: [tagId], publishedAt: ago(index * 3_600_000) })
      await makeArticle(db, { seriesId, tagIds: [tagId], publishedAt: ago(index * 3_600_000) })
    }
    const filter = {
      author: await slugOf('author', authorId),
      series: await slugOf('series', seriesId),
      tag: await slugOf('tag', tagId),
    }
    expect((await walk((after) => page(filter, 3, after))).ids).toEqual(ids)
    const count = async (some: Filter) => (await page(some, 100)).nodes.length
    expect(await count({ author: filter.author })).toBe(12)
    expect(await count({ series: filter.series })).toBe(12)
    expect(await count({ tag: filter.tag })).toBe(12)
    expect(await count({ author: filter.author, series: filter.series })).toBe(8)
    expect(await count({ author: filter.author, tag: filter.series })).toBe(0)
  })

  test('with an unknown slug give an empty list', async () => {
    for (const name of ['tag', 'author', 'series'] as const) {
      const empty = { nodes: [], edges: [] }
      for (const slug of ['nobody', '', "' OR 1=1 --", '%', 'É'])
        expect(await page({ [name]: slug }, 3)).toMatchObject(empty)
    }
  })
})

describe('bookmarks', () => {
  const list = `query ($first: Int, $after: String) { bookmarks(first: $first, after: $after) { ${fields} } }`
  const tokenOf = async () => issuer.sign({ sub: (await makeMember(db, { issuer: issuer.url })).subject })
  const pageOf = (token: string) => async (after: string | null) =>
    (await ask(list, { token, variables: { first: 3, after } })).data.bookmarks as Page
  const change = async (token: string, name: string, id: string | undefined) => {
    const { errors } = await ask(`mutation ($id: ID!) { ${name}(articleId: $id) { id } }`, { token, variables: { id } })
    expect(errors).toBeUndefined()
  }

  test('are paginated latest first while others are added and removed', async () => {
    const token = await tokenOf()
    const { ids, add } = await shelf(9)
    for (const id of ids) await change(token, 'addBookmark', id)
    const latestFirst = ids.toReversed()
    expect(await walk(pageOf(token))).toEqual({ ids: latestFirst, pages: 3 })
    // A repeated bookmark keeps its position.
    await change(token, 'addBookmark', ids[0])
    const walked = await walk(pageOf(token), async (count) => {
      await change(token, 'addBookmark', await add({}))
      await change(token, 'removeBookmark', latestFirst[count])
    })
    expect(walked.ids).toEqual(latestFirst)
  })

  test('leave out withdrawn articles until they are published again', async () => {
    const token = await tokenOf()
    const { ids } = await shelf(4)
    for (const id of ids) await change(token, 'addBookmark', id)
    await withdraw(ids[1] ?? '')
    expect(await walk(pageOf(token))).toEqual({ ids: [ids[3], ids[2], ids[0]], pages: 1 })
    await db.article.update({ where: { id: ids[1] ?? '' }, data: { publishedAt: ago(0) } })
    expect(await walk(pageOf(token))).toEqual({ ids: ids.toReversed(), pages: 2 })
  })

  test('refuse a cursor of another member', async () => {
    const [mine, theirs] = [await tokenOf(), await tokenOf()]
    const { ids } = await shelf(4)
    for (const token of [mine, theirs]) for (const id of ids) await change(token, 'addBookmark', id)
    const after = (await pageOf(theirs)(null)).pageInfo.endCursor
    expect((await pageOf(theirs)(after)).nodes).toHaveLength(1)
    const { data, errors } = await ask(list, { token: mine, variables: { first: 3, after } })
    expect(data).toEqual({ bookmarks: null })
    expect(errors?.[0]?.message).toBe(
      'after is not a cursor of this list. Use a cursor from a response with the same arguments.',
    )
  })
})

describe('a cursor', () => {
  let cursors: Record<string, string>
  let tag: string
  beforeAll(async () => {
    const { tag: slug, ids } = await shelf(4)
    tag = slug
    const good = (await page({ tag }, 2)).pageInfo.endCursor ?? ''
    const ofScope = (scope: string, at = new Date(), id = ids[0] ?? '') => encodeCursor(scope, { at, id })
    const scope = `articles ${JSON.stringify([tag, null, null])}`
    // The unchanged cursor is valid, so the cursors below are refused for their defect.
    expect((await page({ tag }, 2, ofScope(scope))).nodes).toHaveLength(2)
    cursors = {
      'of another filter': (await page({}, 1)).pageInfo.endCursor ?? '',
      'of the bookmarks': ofScope(`bookmarks ${randomUUID()}`),
      'that is truncated': good.slice(0, -1),
      'with an extra letter': `${good}A`,
      'in another encoding': Buffer.from(good, 'base64url').toString('base64') + '=',
      'with one letter changed': `${good.startsWith('M') ? 'N' : 'M'}${good.slice(1)}`,
      'that is empty': '',
      'that is garbage': '%%%',
      'of SQL': Buffer.from("1' OR '1'='1").toString('base64url'),
      'of ten thousand letters': 'A'.repeat(10_000),
      'with a NUL': 'MTIz\0',
      'with an invalid id': ofScope(scope, new Date(), "x'); DROP TABLE article; --"),
      'of the latest time': ofScope(scope, new Date(8.64e15)),
      'of the earliest time': ofScope(scope, new Date(-8.64e15)),
    }
  })

  test.each([
    ...['of another filter', 'of the bookmarks', 'that is truncated', 'with an extra letter', 'in another encoding'],
    ...['with one letter changed', 'that is empty', 'that is garbage', 'of SQL', 'of ten thousand letters'],
    ...['with a NUL', 'with an invalid id', 'of the latest time', 'of the earliest time'],
  ])('%s is refused with the same text', async (name) => {
    const { data, errors } = await ask(query, { variables: { tag, first: 2, after: cursors[name] } })
    expect(data).toEqual({ articles: null })
    expect(errors?.map(({ message, extensions }) => ({ message, extensions }))).toEqual([
      {
        message: 'after is not a cursor of this list. Use a cursor from a response with the same arguments.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  })
})
