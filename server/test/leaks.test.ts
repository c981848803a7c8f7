import { beforeAll, expect, test } from '@jest/globals'
import { getOperationAST, isObjectType, parse, validate, type GraphQLFieldResolver } from 'graphql'
import { buildSchema, costOf, limits } from '../src/graphql/index.ts'
import { CodedError } from '../src/lib/errors.ts'
import { findPage } from '../../scripts/local/site/unbuilt/find-page.ts'
import { createUnbuilt } from '../../scripts/local/site/unbuilt/unbuilt.ts'
import { startTestApp, type TestApp } from './support/app.ts'
import { articleKinds, makeCast, requirementOf, type Cast, type CastMember } from './support/cast.ts'
import { everyPath, soundPaths, type Grounds, type Path } from './support/every-path.ts'
import { makeArticle, makeNamed } from './support/factories.ts'
import { firstAnswer } from './support/stream.ts'
import { bodyWith, fieldsOf, fieldsTouched, findCanaries, headerText, makeCanary, type Seen } from './support/leaks.ts'

const served = await startTestApp({ env: { MAX_BODIES_PER_ANSWER: '20' } })
const { db } = served
const schema = buildSchema()

const canaries = new Map<string, string>()
let cast: Cast
let grounds: Grounds

beforeAll(async () => {
  cast = await makeCast(served)
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
  for (const kind of articleKinds) await make(kind, requirementOf(kind, cast))
  await make('draft', { publishedAt: null })
  await make('scheduled', { publishedAt: new Date(Date.now() + 86_400_000) })
  for (const { memberId } of cast.readers) {
    if (memberId)
      await db.bookmark.createMany({ data: ids.map((articleId) => ({ memberId, articleId, createdAt: new Date() })) })
  }
  const slugOf = async (table: 'author' | 'series' | 'tag', id: string) =>
    (await (db[table] as typeof db.author).findUniqueOrThrow({ where: { id } })).slug
  grounds = {
    ids,
    slugs,
    author: await slugOf('author', named.authorId),
    series: await slugOf('series', named.seriesId),
    tag: await slugOf('tag', tagIds[0] ?? ''),
    memberId: cast.readers.find(({ name }) => name === 'patron')?.memberId ?? '',
    bodyText: 'went on',
  }
})

/** Walks paths as one reader. @returns all that this reader saw, and the log lines of the while */
async function walk({ ask, url, logs }: TestApp, { token }: CastMember, paths: Path[]): Promise<Seen[]> {
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
  const slug = grounds.slugs[2] ?? ''
  const byGet = `query=${encodeURIComponent(`{ article(slug: "${slug}") { body { html } } }`)}`
  for (const place of [`graphql?${byGet}`, 'graphql', 'health/ready', 'health/live', slug, `articles/${slug}`, '']) {
    const headers = { 'apollo-require-preflight': '1', ...(token && { authorization: `Bearer ${token}` }) }
    const response = await fetch(`${url}/${place}`, { headers })
    look(`GET /${place}`, response.headers, await response.text())
  }
  return [...seen, ...logs.slice(from).map((text) => ({ where: 'log', text }))]
}

/** The bodies whose text stands where it must not, each with the place. */
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
const reader = (name: string) => cast.readers.find((one) => one.name === name) as CastMember

test('the paths touch every field there is', () => {
  const queries = soundPaths(grounds).map(({ query }) => query)
  for (const query of queries) expect(validate(schema, parse(query))).toEqual([])
  // Nor is one refused for what it costs.
  const costs = soundPaths(grounds).map(({ name, query, variables }) => {
    const document = parse(query)
    const operation = getOperationAST(document)
    return { name, fits: operation != null && costOf(schema, document, operation, variables) <= limits.cost }
  })
  expect(costs.filter(({ name, fits }) => !fits && name !== 'too dear')).toEqual([])
  expect(fieldsTouched(schema, queries)).toEqual(fieldsOf(schema))
})

test('no kind of reader is forgotten', () => {
  expect(cast.readers.map(({ name }) => name)).toEqual(names)
})

test.each(names)('G27: %s sees what opens to them and no more', async (name) => {
  const { mayRead, ...rest } = reader(name)
  const paths = everyPath(grounds)
  const seen = await walk(served, { mayRead, ...rest }, paths)
  expect(findLeaks(seen, mayRead)).toEqual([])
  // Were the canaries not to be found where they may be, finding none elsewhere would mean nothing.
  const found = articleKinds.filter((kind) => seen.some(({ text }) => text.includes(canaries.get(kind) ?? '-')))
  expect(found).toEqual(mayRead)
  expect(seen.filter(({ where }) => where === 'log').length).toBeGreaterThan(paths.length)
})

test('G27: the site’s server has nothing of what is locked, in no page and in no data that it makes of the API', async () => {
  const { mayRead } = reader('anonymous')
  const api = { apiUrl: `${served.url}/graphql`, tell: () => undefined, patience: 0 }
  // The page is drawn from its data and from nothing else.
  const render = (data: object) => Promise.resolve(JSON.stringify(data))
  const site = createUnbuilt({
    find: (address) => findPage(address, api),
    render,
    now: () => served.logs.length * 1_000,
  })
  const { slugs, tag, author, series } = grounds
  const addresses = [
    ...slugs.map((slug) => `/articles/${slug}/`),
    ...[`/tags/${tag}/`, `/authors/${author}/`, `/series/${series}/`],
  ]
  const seen: Seen[] = []
  for (const address of addresses) {
    for (const asked of [address, `/page-data${address}page-data.json`])
      seen.push({ where: asked, text: JSON.stringify(await site.look(asked)) })
  }
  expect(findLeaks(seen, mayRead)).toEqual([])
  expect(seen.filter(({ text }) => text.includes('"kind":"page"'))).toHaveLength(2 * (articleKinds.length + 3))
  expect(articleKinds.filter((kind) => seen.some(({ text }) => text.includes(canaries.get(kind) ?? '-')))).toEqual(
    mayRead,
  )
})

test('G27: searching for text of a body finds nothing', async () => {
  const query = 'query ($text: String) { articles(tag: $text) { nodes { id } } }'
  const [body, nonsense] = await Promise.all(['went on', 'gone off'].map((text) => ask(query, { text })))
  expect(body).toEqual(nonsense)
  async function ask(source: string, variables: Record<string, unknown>) {
    const { status, text } = await served.ask(source, { variables, token: reader('staff').token })
    return { status, text }
  }
})

/** Where the text comes to light, and the field whose resolver lets it out. */
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
  const paths = everyPath(grounds).filter(({ name }) => name === 'list by tag')
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
