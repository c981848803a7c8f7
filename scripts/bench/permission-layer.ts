import { execute, parse, type GraphQLSchema } from 'graphql'
import { applyMiddleware } from 'graphql-middleware'
import { contentRules, type ArticleHead } from '../../server/src/content/index.ts'
import type { Context } from '../../server/src/graphql/context-types.ts'
import { buildBareSchema, buildSchema } from '../../server/src/graphql/schema.ts'
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the comparison needs graphql-shield's default behaviour
import { allow, shield, type AnyRule } from '../../server/src/lib/shield.ts'
import { membersRules } from '../../server/src/members/index.ts'
import { membershipRules } from '../../server/src/membership/index.ts'

// Measures the cost of the permission rules alone, with a list of 20 articles from memory, without HTTP and SQL.

const list = parse(`{ articles(first: 20) {
  nodes { id slug title excerpt preview publishedAt readingMinutes author { id slug name } tags { slug name } access { granted reason } }
  pageInfo { hasNextPage endCursor }
} }`)

interface LayerCost {
  /** In lists per second. */
  readonly withoutGuards: number
  readonly gatedFieldsOnly: number
  readonly everyField: number
}

/** Measures the three variants in turns, so that all run when the JavaScript engine is warm. @param seconds the time for each */
export async function measurePermissionLayer(seconds: number): Promise<LayerCost> {
  const bare = buildBareSchema()
  const schemas = { withoutGuards: bare, gatedFieldsOnly: buildSchema(), everyField: wrapEveryField(bare) }
  const counts = { withoutGuards: 0, gatedFieldsOnly: 0, everyField: 0 }
  const names = Object.keys(schemas) as (keyof LayerCost)[]
  for (const name of names) await runFor(schemas[name], 500)
  const turns = 5
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of names) counts[name] += await runFor(schemas[name], (seconds * 1000) / turns)
  }
  return {
    withoutGuards: counts.withoutGuards / seconds,
    gatedFieldsOnly: counts.gatedFieldsOnly / seconds,
    everyField: counts.everyField / seconds,
  }
}

/** Wraps every field, as graphql-shield does by default. */
function wrapEveryField(schema: GraphQLSchema): GraphQLSchema {
  const rules: Record<string, Record<string, AnyRule>> = {}
  for (const map of [contentRules, membersRules, membershipRules]) {
    for (const [type, fields] of Object.entries(map)) rules[type] = { ...rules[type], ...fields }
  }
  return applyMiddleware(schema, shield(rules, { fallbackRule: allow }).generate(schema))
}

async function runFor(schema: GraphQLSchema, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds
  let done = 0
  while (performance.now() < end) {
    const { errors } = await execute({ schema, document: list, contextValue: contextFromMemory() })
    if (errors) throw new Error(String(errors[0]))
    done += 1
  }
  return done
}

const heads: ArticleHead[] = Array.from({ length: 20 }, (_, index) => ({
  id: `00000000-0000-7000-8000-0000000000${String(index + 10)}`,
  slug: `article-${index}`,
  title: `Article ${index}`,
  excerpt: 'An excerpt.',
  previewHtml: '<p>A preview.</p>',
  readingMinutes: 7,
  lang: null,
  publishedAt: new Date(1_700_000_000_000 - index * 1000),
  authorId: 'author',
  seriesId: null,
  sourceHash: 'hash',
}))
const named = { id: '00000000-0000-7000-8000-000000000001', slug: 'name', name: 'Name' }

/** Creates a context with the data of the list in memory. */
function contextFromMemory(): Context {
  const fromMemory = {
    now: new Date(),
    teasers: 'public',
    db: { article: { findMany: async () => heads } },
    content: { author: { load: async () => named }, tagsOfArticle: { load: async () => [named, named] } },
    decide: async () => ({ access: { granted: false, reason: 'SIGN_IN_REQUIRED' }, grant: null }),
  }
  return fromMemory as unknown as Context
}
