import { expect, test } from '@jest/globals'
import { encodeCursor } from '../src/lib/pagination.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeNamed } from './support/factories.ts'
import { expectUnharmed } from './support/http.ts'
import { watchStatements } from './support/statements.ts'

// A cursor is valid only for the list that it came from. Any other text gets the same refusal.

const app = await startTestApp()
const { db, issuer } = app
const tagId = await makeNamed(db, 'tag')
const tag = (await db.tag.findUniqueOrThrow({ where: { id: tagId } })).slug
const articles: string[] = []
for (let index = 0; index < 5; index += 1)
  articles.push((await makeArticle(db, { visibility: 'PAID', tagIds: [tagId] })).id)
const [owner, other] = [await makeMember(db, { issuer: issuer.url }), await makeMember(db, { issuer: issuer.url })]
for (const { id: memberId } of [owner, other]) {
  for (const [index, articleId] of articles.entries()) {
    await db.bookmark.create({ data: { memberId, articleId, createdAt: new Date(1_700_000_000_000 + index) } })
  }
}
const tokenOf = ({ subject }: { subject: string }) => issuer.sign({ sub: subject })

const listQuery =
  'query ($after: String, $tag: String) { articles(first: 2, after: $after, tag: $tag) { nodes { id } pageInfo { endCursor hasNextPage } } }'
const bookmarksQuery =
  'query ($after: String) { bookmarks(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }'
const list = (after: unknown, of: string | null = tag) => app.ask(listQuery, { variables: { after, tag: of } })
const bookmarks = (after: unknown, of = owner) => app.ask(bookmarksQuery, { variables: { after }, token: tokenOf(of) })

const cursor = (await list(null)).data.articles.pageInfo.endCursor as string
const unfiltered = (await list(null, null)).data.articles.pageInfo.endCursor as string
const owners = (await bookmarks(null)).data.bookmarks.pageInfo.endCursor as string
const others = (await bookmarks(null, other)).data.bookmarks.pageInfo.endCursor as string
const scope = `articles ${JSON.stringify([tag, null, null])}`
const statements = watchStatements()

interface Page {
  readonly nodes: { readonly id: string }[]
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
}

test('a cursor leads to the next page', async () => {
  const seen: string[] = []
  for (let after: string | null = null; ;) {
    const page = (await list(after)).data.articles as Page
    seen.push(...page.nodes.map(({ id }) => id))
    if (!page.pageInfo.hasNextPage) break
    after = page.pageInfo.endCursor
  }
  expect([...seen].sort()).toEqual([...articles].sort())
  const second = await bookmarks(owners)
  expect(second.data.bookmarks.nodes).toHaveLength(2)
})

const raw = (text: string): string => Buffer.from(text).toString('base64url')
const place = Buffer.from(cursor, 'base64url').toString()
const [milliseconds, id, digest] = place.split('.') as [string, string, string]
const forged = (at: number, where = id): string => encodeCursor(scope, { at: new Date(at), id: where })

const bad: [string, unknown][] = [
  ['nothing', ''],
  ['white space', ' '],
  ['garbage', 'garbage'],
  ['characters outside base64', '%%%'],
  ['SQL', "' OR 1=1; DROP TABLE article; --"],
  ['SQL, encoded', raw("' OR 1=1; DROP TABLE article; --")],
  ['SQL instead of the time', raw(`0 OR 1=1.${id}.${digest}`)],
  ['SQL instead of the id', raw(`${milliseconds}.${id}' OR '1'='1.${digest}`)],
  ['a NUL', `${cursor}\0`],
  ['a number', '1700000000000'],
  ['an article id', id],
  ['JSON', raw('{"at":0,"id":"x"}')],
  ['__proto__', raw('__proto__.__proto__.__proto__')],
  ['20,000 letters', 'A'.repeat(20_000)],
  ['a cursor of another list', owners],
  ['a cursor of the list without the filter', unfiltered],
  [
    'a cursor of another filter',
    encodeCursor(`articles ${JSON.stringify([null, tag, null])}`, { at: new Date(Number(milliseconds)), id }),
  ],
  ['a missing letter', cursor.slice(0, -1)],
  ['an extra letter', `${cursor}A`],
  ['white space around it', ` ${cursor} `],
  ['padding', `${cursor}==`],
  ['base64 instead of base64url', `${Buffer.from(place).toString('base64')}=`],
  ['another case', cursor.toLowerCase()],
  ['another time', raw(`${Number(milliseconds) - 1}.${id}.${digest}`)],
  ['a time with a leading zero', raw(`0${milliseconds}.${id}.${digest}`)],
  ['a time with an exponent', raw(`1e12.${id}.${digest}`)],
  ['a time in hexadecimal', raw(`0x10.${id}.${digest}`)],
  ['no time', raw(`.${id}.${digest}`)],
  ['NaN', raw(`NaN.${id}.${digest}`)],
  ['another id', raw(`${milliseconds}.${articles.find((other) => other !== id)}.${digest}`)],
  ['an id in upper case', raw(`${milliseconds}.${id.toUpperCase()}.${digest}`)],
  ['no digest', raw(`${milliseconds}.${id}`)],
  ['an empty digest', raw(`${milliseconds}.${id}.`)],
  ['another part', raw(`${place}.x`)],
  ['a cursor encoded twice', raw(cursor)],
  // The digest can be forged. Values that the database cannot store must be refused here.
  ['a forged time before the earliest', forged(-8.64e15)],
  ['a forged time after the latest', forged(8.64e15)],
  ['a forged time of the year 0', forged(-62_167_219_200_000)],
  ['a forged time of the year 10000', forged(253_402_300_800_000)],
  ['a forged id that is not a UUID', forged(0, 'x')],
]

test.each(bad)('G21: refuses %s', async (_title, after) => {
  statements.length = 0
  const answer = await list(after)
  expect(answer.status).toBe(400)
  expect(answer.data).toEqual({ articles: null })
  expect(answer.errors?.map(({ message, path, extensions }) => ({ message, path, extensions }))).toEqual([
    {
      message: 'after is not a cursor of this list. Use a cursor from a response with the same arguments.',
      path: ['articles'],
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ])
  expect(statements).toEqual([])
  await expectUnharmed(app, answer)
})

test.each<[string, unknown]>([
  ['another member’s', others],
  ['a cursor of `articles`', unfiltered],
  ['garbage', 'garbage'],
])('G21: bookmarks refuse %s', async (_title, after) => {
  const answer = await bookmarks(after)
  expect(answer.status).toBe(400)
  expect(answer.errors).toMatchObject([
    {
      message: 'after is not a cursor of this list. Use a cursor from a response with the same arguments.',
      path: ['bookmarks'],
    },
  ])
  await expectUnharmed(app, answer)
})

test('G21: a forged cursor reveals only the list', async () => {
  const future = await makeArticle(db, { publishedAt: new Date(Date.now() + 86_400_000), tagIds: [tagId] })
  for (const at of [0, Date.now() + 10 * 86_400_000, 253_402_300_799_999]) {
    const answer = await list(forged(at, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer.data)).not.toContain(future.id)
    await expectUnharmed(app, answer)
  }
})

test.each([7, {}, [], true])('G21: refuses a cursor of the type of %j before the execution', async (after) => {
  const answer = await list(after)
  expect(answer.status).toBe(400)
  expect(answer.data).toBeUndefined()
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

test('G20: a list never has more than 100 rows', async () => {
  const { id: seriesId } = await db.series.findUniqueOrThrow({ where: { id: await makeNamed(db, 'series') } })
  const { slug } = await db.series.findUniqueOrThrow({ where: { id: seriesId } })
  const authorId = await makeNamed(db, 'author')
  for (let index = 0; index < 102; index += 1) await makeArticle(db, { seriesId, authorId })
  const ask = (first?: number) =>
    app.ask(
      'query ($first: Int = 20, $series: String) { articles(first: $first, series: $series) { nodes { id } edges { cursor } pageInfo { hasNextPage } } }',
      {
        variables: { series: slug, ...(first !== undefined && { first }) },
      },
    )
  for (const [first, rows] of [
    [undefined, 20],
    [1, 1],
    [100, 100],
  ] as const) {
    const { articles: page } = (await ask(first)).data
    expect(page.nodes).toHaveLength(rows)
    expect(page.edges).toHaveLength(rows)
    expect(page.pageInfo.hasNextPage).toBe(true)
  }
  expect((await ask(101)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})
