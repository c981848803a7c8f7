import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { isIntrospectionType, isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { readGrantedBodies } from '../src/content/paid-text/queries.ts'
import type { ArticleHead } from '../src/content/types.ts'
import type { Context } from '../src/graphql/context-types.ts'
import { guardSchema } from '../src/graphql/permissions.ts'
import { buildBareSchema } from '../src/graphql/schema.ts'
import { allow, type AnyRule } from '../src/lib/shield.ts'
import { BodyGrant, mintGrant } from '../src/membership/grant.ts'
import { startTestApp, type TestApp } from './support/app.ts'
import { articleKinds, makeReaders, requirementOf, type ArticleKind, type TestReaders } from './support/readers.ts'
import { v7 as uuidv7 } from 'uuid'
import { makeArticle, type MadeArticle } from './support/factories.ts'
import { watchStatements } from './support/statements.ts'

// The door must hold even if a rule is missing or a resolver has a mistake.

const statements = watchStatements()
const asServed = await startTestApp()
const { db } = asServed

type BodyResolver = GraphQLFieldResolver<ArticleHead, Context>
const query = `query Read($slug: String!) { article(slug: $slug) { title body { html rest } } }`

/** Builds the schema without rules, optionally with another resolver of `Article.body`. */
function ruleless(body?: BodyResolver): GraphQLSchema {
  const schema = buildBareSchema()
  const article = schema.getType('Article')
  if (body && isObjectType(article)) Object.assign(article.getFields().body ?? {}, { resolve: body })
  return schema
}

/** Applies the rule `allow` to every field. */
function allOpen(schema: GraphQLSchema): GraphQLSchema {
  const rules: Record<string, Record<string, AnyRule>> = {}
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    rules[type.name] = Object.fromEntries(Object.keys(type.getFields()).map((field) => [field, allow]))
  }
  return guardSchema(schema, [rules])
}

describe('the door itself', () => {
  const request = {}
  let article: MadeArticle
  beforeAll(async () => {
    article = await makeArticle(db, { visibility: 'PAID' })
  })
  beforeEach(() => {
    statements.length = 0
  })

  test('accepts a grant of this request', async () => {
    const bodies = await readGrantedBodies(
      db,
      [mintGrant(article.id, article.requirementId, request)],
      request,
      new Date(),
    )
    expect(bodies).toEqual([
      { articleId: article.id, html: article.html, rest: expect.any(String), sourceHash: expect.any(String) },
    ])
    expect(statements).toHaveLength(1)
  })

  test('returns an unpublished article for a grant of the publisher only', async () => {
    const gone = await makeArticle(db, { visibility: 'PAID' })
    await db.article.update({ where: { id: gone.id }, data: { publishedAt: null } })
    const grant = mintGrant(gone.id, gone.requirementId, request)
    expect(await readGrantedBodies(db, [grant], request, new Date())).toEqual([])
    const publishers = mintGrant(gone.id, gone.requirementId, request, true)
    const [body] = await readGrantedBodies(db, [grant, publishers], request, new Date())
    expect(body?.html).toBe(gone.html)
  })

  test.each<[string, () => unknown]>([
    ['an article’s id', () => article.id],
    ['an article', () => article],
    ['null', () => null],
    ['an object of the same shape', () => ({ articleId: article.id, request })],
    ['a copy', () => ({ ...mintGrant(article.id, article.requirementId, request) })],
    ['a clone', () => structuredClone(mintGrant(article.id, article.requirementId, request))],
    ['an heir', () => Object.create(mintGrant(article.id, article.requirementId, request)) as unknown],
    ['another request’s grant', () => mintGrant(article.id, article.requirementId, {})],
  ])('refuses %s without any SQL', async (_name, forge) => {
    const good = mintGrant(article.id, article.requirementId, request)
    for (const grants of [[forge()], [good, forge()], [forge(), good]]) {
      await expect(readGrantedBodies(db, grants as BodyGrant[], request, new Date())).rejects.toThrow(TypeError)
    }
    expect(statements).toEqual([])
  })
})

const grantsOfOthers = new Map<string, BodyGrant>()

/** Resolvers of `Article.body` with a mistake in them. */
const mistakes: Record<string, BodyResolver | undefined> = {
  'the real resolver': undefined,
  'one that invents a grant': ({ id }, _args, ctx) => ctx.content.body.load({ articleId: id } as unknown as BodyGrant),
  'one that passes the id instead of a grant': ({ id }, _args, ctx) =>
    ctx.content.body.load(id as unknown as BodyGrant),
  'one that passes null': async ({ id }, _args, ctx) =>
    ctx.content.body.load((await ctx.decide(id)).grant as BodyGrant),
  'one that constructs the class': ({ id }, _args, ctx) =>
    ctx.content.body.load(Object.assign(Object.create(BodyGrant.prototype) as BodyGrant, { articleId: id })),
  'one that reuses grants of earlier requests': async ({ id }, _args, ctx) => {
    const { grant } = await ctx.decide(id)
    if (grant) grantsOfOthers.set(id, grant)
    return ctx.content.body.load(grantsOfOthers.get(id) as BodyGrant)
  },
  'one that mints for another request': ({ id }, _args, ctx) => ctx.content.body.load(mintGrant(id, id, ctx)),
}

const apps: [rules: string, mistake: string, TestApp][] = []
for (const [mistake, body] of Object.entries(mistakes)) {
  const start = (schema: GraphQLSchema) => startTestApp({ schema, beside: asServed })
  apps.push(['no rule at all', mistake, await start(ruleless(body))])
  apps.push(['every rule open', mistake, await start(allOpen(ruleless(body)))])
}

describe('a schema without effective rules', () => {
  let testReaders: TestReaders
  const articles = new Map<ArticleKind, MadeArticle>()
  beforeAll(async () => {
    testReaders = await makeReaders(asServed)
    for (const kind of articleKinds) articles.set(kind, await makeArticle(db, requirementOf(kind, testReaders)))
  })

  test.each(apps)('%s, %s: no locked text is returned', async (_rules, mistake, { ask, logs }) => {
    // Readers with access come first, so that their grants exist.
    for (const { mayRead, token } of testReaders.readers.toReversed()) {
      for (const [kind, { slug, html }] of articles) {
        const { data, errors, text } = await ask(query, { variables: { slug }, token })
        if (mayRead.includes(kind)) {
          if (mistake === 'the resolver as it is') expect(data.article.body.html).toBe(html)
          continue
        }
        expect(data.article).toEqual({ title: `Title of ${slug}`, body: null })
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR'])
        expect(text).not.toContain('Secret of')
      }
    }
    expect(logs.join()).not.toContain('Secret of')
  })
})

const open = await makeArticle(db)
const swapped = ruleless(async (_article, _args, ctx) =>
  ctx.content.body.load((await ctx.decide(open.id)).grant as BodyGrant),
)
const { ask } = await startTestApp({ schema: swapped, beside: asServed })

test('a grant opens only its own article', async () => {
  const locked = await makeArticle(db, { visibility: 'PAID' })
  const { data, text } = await ask(query, { variables: { slug: locked.slug } })
  expect(data.article.body.html).toBe(open.html)
  expect(text).not.toContain(`Secret of ${locked.slug}`)
})

test('returns nothing after the requirement was replaced', async () => {
  const article = await makeArticle(db, { visibility: 'PUBLIC' })
  const request = {}
  const grant = mintGrant(article.id, article.requirementId, request)
  // The publisher's clock is ahead: the old requirement is still in force here, but the text is already the paid one.
  await db.articleRequirement.create({
    data: { id: uuidv7(), articleId: article.id, visibility: 'PAID', validFrom: new Date(Date.now() + 30_000) },
  })
  expect(await readGrantedBodies(db, [grant], request, new Date())).toEqual([])
})

test('a change during the request is SERVICE_UNAVAILABLE', async () => {
  const { id, slug } = await makeArticle(db, { visibility: 'PUBLIC' })
  await db.articleRequirement.create({
    data: { id: uuidv7(), articleId: id, visibility: 'PAID', validFrom: new Date(Date.now() + 30_000) },
  })
  const { data, errors, text } = await asServed.ask(`{ article(slug: "${slug}") { title body { html } } }`)
  expect(data.article).toEqual({ title: expect.any(String), body: null })
  expect(errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
  expect(text).not.toContain('Secret of')
})
