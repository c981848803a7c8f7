import { beforeAll, expect, test } from '@jest/globals'
import { getOperationAST, isObjectType, parse, validate, type GraphQLFieldResolver } from 'graphql'
import { buildSchema, costOf, limits } from '../src/graphql/index.ts'
import { CodedError } from '../src/lib/errors.ts'
import { findPage } from '../../scripts/local/site/unbuilt/find-page.ts'
import { createUnbuilt } from '../../scripts/local/site/unbuilt/unbuilt.ts'
import { startTestApp, type TestApp } from './support/app.ts'
import { articleKinds, makeReaders, requirementOf, type TestReaders, type TestReader } from './support/readers.ts'
import { everyPath, validPaths, type PathData, type Path } from './support/every-path.ts'
import { makeArticle, makeNamed } from './support/factories.ts'
import { firstAnswer } from './support/stream.ts'
import { bodyWith, fieldsOf, fieldsTouched, findCanaries, headerText, makeCanary, type Seen } from './support/leaks.ts'

const served = await startTestApp({ env: { MAX_BODIES_PER_ANSWER: '20' } })
const { db } = served
const schema = buildSchema()

const canaries = new Map<string, string>()
let testReaders: TestReaders
let pathData: PathData

beforeAll(async () => {
  testReaders = await makeReaders(served)
  const named = { authorId: await makeNamed(db, 'author'), seriesId: await makeNamed(db, 'series') }
  const tagIds = [await makeNamed(db, 'tag')]
  const ids: string[] = []
  const slugs: string[] = []
  const make = async (name: string, fields: Parameters<typeof makeArticle>[1]) => {
    const canary = makeCanary()
    canaries.set(name, canary)
    const { id, slug } = await makeArticle(db, { ...named, tagIds, html: bodyWith(canary), ...fields })
    ids.push(id)
    slugs.push(slug)
  }
  for (const kind of articleKinds) await make(kind, requirementOf(kind, testReaders))
  await make('draft', { publishedAt: null })
  await make('scheduled', { publishedAt: new Date(Date.now() + 86_400_000) })
  for (const { memberId } of testReaders.readers) {
    if (memberId)
      await db.bookmark.createMany({ data: ids.map((articleId) => ({ memberId, articleId, createdAt: new Date() })) })
  }
  const slugOf = async (table: 'author' | 'series' | 'tag', id: string) =>
    (await (db[table] as typeof db.author).findUniqueOrThrow({ where: { id } })).slug
  pathData = {
    ids,
    slugs,
    author: await slugOf('author', named.authorId),
    series: await slugOf('series', named.seriesId),
    tag: await slugOf('tag', tagIds[0] ?? ''),
    memberId: testReaders.readers.find(({ name }) => name === 'patron')?.memberId ?? '',
    bodyText: 'went on',
  }
})

/** Requests all paths as one reader. @returns the responses and the log lines written meanwhile */
async function walk({ ask, url, logs }: TestApp, { token }: TestReader, paths: Path[]): Promise<Seen[]> {
  const from = logs.length
  const seen: Seen[] = []
  const look = (where: string, headers: Headers, text: string) => {
    seen.push({ where, text }, { where: `${where}, headers`, text: headerText(headers) })
  }
  for (const { name, query, variables = {} } of paths) {
    const { headers, text } = query.startsWith('subscription')
      ? await firstAnswer({ url }, { query, token })
      : await ask(query, { token, variables })
    look(name, headers, text)
  }
  const slug = pathData.slugs[2] ?? ''
  const byGet = `query=${encodeURIComponent(`{ article(slug: "${slug}") { body { html } } }`)}`
  for (const place of [`graphql?${byGet}`, 'graphql', 'health/ready', 'health/live', slug, `articles/${slug}`, '']) {
    const headers = { 'apollo-require-preflight': '1', ...(token && { authorization: `Bearer ${token}` }) }
    const response = await fetch(`${url}/${place}`, { headers })
    look(`GET /${place}`, response.headers, await response.text())
  }
  return [...seen, ...logs.slice(from).map((text) => ({ where: 'log', text }))]
}

/** Returns the leaked bodies, each with the place of the leak. */
function findLeaks(seen: readonly Seen[], mayRead: readonly string[]): string[] {
  return seen.flatMap(({ where, text }) =>
    [...canaries]
      .filter(
        ([name, canary]) => (where === 'log' || !mayRead.includes(name)) && findCanaries([canary], text).length > 0,
      )
      .map(([name]) => `${name} in ${where}`),
  )
}

const names = [
  ...['anonymous', 'anonymous session', 'member', 'lapsed', 'run out', 'past due', 'unpaid', 'paused', 'incomplete'],
  ...['not yet', 'disabled', 'disabled staff', 'program', 'other permissions', 'another plan', 'supporter', 'patron'],
  ...['within grace', 'program with a plan', 'staff'],
]
const reader = (name: string) => testReaders.readers.find((one) => one.name === name) as TestReader

test('the paths select every field of the schema', () => {
  const queries = validPaths(pathData).map(({ query }) => query)
  for (const query of queries) expect(validate(schema, parse(query))).toEqual([])
  // No path is refused because of its cost.
  const costs = validPaths(pathData).map(({ name, query, variables }) => {
    const document = parse(query)
    const operation = getOperationAST(document)
    return { name, fits: operation != null && costOf(schema, document, operation, variables) <= limits.cost }
  })
  expect(costs.filter(({ name, fits }) => !fits && name !== 'too expensive')).toEqual([])
  expect(fieldsTouched(schema, queries)).toEqual(fieldsOf(schema))
})

test('every kind of reader is tested', () => {
  expect(testReaders.readers.map(({ name }) => name)).toEqual(names)
})

test.each(names)('G27: %s sees only bodies with access', async (name) => {
  const { mayRead, ...rest } = reader(name)
  const paths = everyPath(pathData)
  const seen = await walk(served, { mayRead, ...rest }, paths)
  expect(findLeaks(seen, mayRead)).toEqual([])
  // The canaries must be found where access is granted. Otherwise their absence elsewhere proves nothing.
  const found = articleKinds.filter((kind) => seen.some(({ text }) => text.includes(canaries.get(kind) ?? '-')))
  expect(found).toEqual(mayRead)
  expect(seen.filter(({ where }) => where === 'log').length).toBeGreaterThan(paths.length)
})

test('G27: the site’s server renders no locked text', async () => {
  const { mayRead } = reader('anonymous')
  const api = { apiUrl: `${served.url}/graphql`, tell: () => undefined, patience: 0 }
  // A page is rendered only from its data.
  const render = (data: object) => Promise.resolve(JSON.stringify(data))
  const site = createUnbuilt({
    find: (address) => findPage(address, api),
    render,
    now: () => served.logs.length * 1_000,
  })
  const { slugs, tag, author, series } = pathData
  const addresses = [
    ...slugs.map((slug) => `/articles/${slug}/`),
    ...[`/tags/${tag}/`, `/authors/${author}/`, `/series/${series}/`],
  ]
  const seen: Seen[] = []
  for (const address of addresses) {
    for (const requestPath of [address, `/page-data${address}page-data.json`])
      seen.push({ where: requestPath, text: JSON.stringify(await site.look(requestPath)) })
  }
  expect(findLeaks(seen, mayRead)).toEqual([])
  expect(seen.filter(({ text }) => text.includes('"kind":"page"'))).toHaveLength(2 * (articleKinds.length + 3))
  expect(articleKinds.filter((kind) => seen.some(({ text }) => text.includes(canaries.get(kind) ?? '-')))).toEqual(
    mayRead,
  )
})

test('G27: queries for text of a body find nothing', async () => {
  const query = 'query ($text: String) { articles(tag: $text) { nodes { id } } }'
  const [body, nonsense] = await Promise.all(['went on', 'gone off'].map((text) => ask(query, { text })))
  expect(body).toEqual(nonsense)
  async function ask(source: string, variables: Record<string, unknown>) {
    const { status, text } = await served.ask(source, { variables, token: reader('staff').token })
    return { status, text }
  }
})

/** A planted leak: the path on which the text appears, and the field whose resolver leaks it. */
type Resolver = GraphQLFieldResolver<{ id: string; node: { id: string } }, unknown>
const bodyOf = async (id: string) => (await db.articleBody.findUniqueOrThrow({ where: { articleId: id } })).html
let logLine: (text: string) => void
const plants: [where: string, type: string, field: string, Resolver][] = [
  ['list by tag', 'Article', 'excerpt', ({ id }) => bodyOf(id)],
  ['list by tag', 'Article', 'title', async ({ id }) => (await bodyOf(id)).slice(40, 90)],
  ['list by tag', 'Article', 'preview', async ({ id }) => encodeURIComponent(await bodyOf(id)).toUpperCase()],
  [
    'list by tag',
    'ArticleEdge',
    'cursor',
    async ({ node }) => Buffer.from(await bodyOf(node.id)).toString('base64url'),
  ],
  ['list by tag', 'Article', 'series', async ({ id }) => Promise.reject(new CodedError('NOT_FOUND', await bodyOf(id)))],
  ['log', 'Article', 'author', async ({ id }) => Promise.reject(new Error(await bodyOf(id)))],
  ['log', 'Article', 'tags', async ({ id }) => void logLine(await bodyOf(id))],
]
const planted: [where: string, field: string, TestApp][] = []
for (const [where, typeName, field, resolve] of plants) {
  const leaky = buildSchema()
  const type = leaky.getType(typeName)
  if (isObjectType(type)) Object.assign(type.getFields()[field] ?? {}, { resolve })
  planted.push([where, `${typeName}.${field}`, await startTestApp({ schema: leaky, beside: served })])
}

test.each(planted)('finds a leak in %s, planted at %s', async (where, _field, app) => {
  logLine = (text) => app.app.http.log.debug({ text }, 'looking for tags')
  const paths = everyPath(pathData).filter(({ name }) => name === 'list by tag')
  const seen = await walk(app, reader('anonymous'), paths)
  const found = findLeaks(seen, reader('anonymous').mayRead)
  expect(found).toContainEqual(expect.stringMatching(`^(members|paid|supporter|patron) in ${where}$`))
})

test.each([
  ['plain', (text: string) => text],
  ['upper case', (text: string) => text.toUpperCase()],
  ['a part', (text: string) => text.slice(61, 111)],
  ['base64', (text: string) => Buffer.from(text).toString('base64')],
  ['base64url within a word', (text: string) => `id_${Buffer.from(text).toString('base64url')}`],
  ['hex', (text: string) => Buffer.from(text).toString('hex')],
  ['percent escapes', (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&')],
  ['JSON escapes', (text: string) => Buffer.from(text).toString('hex').replace(/../g, '\\u00$&')],
  ['HTML escapes', (text: string) => Buffer.from(text).toString('hex').replace(/../g, '&#x$&;')],
  ['a header', (text: string) => headerText(new Headers({ 'x-note': text }))],
])('finds a canary as %s', (_name, write) => {
  const [canary, other] = [makeCanary(), makeCanary()]
  expect(findCanaries([other, canary], write(bodyWith(canary)))).toEqual([canary])
})
