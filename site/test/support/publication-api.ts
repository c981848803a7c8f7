import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buildSchema, graphql, GraphQLError } from 'graphql'
import type { PlanOnSaleFragment, Visibility } from '../../src/api/operations.ts'

/** What the build asks of the API, answered from values in memory, by the very schema of the server. */
export interface PublicationApi {
  readonly url: string
  /** May be changed at any time. */
  readonly state: PublicationState
  /** All that was asked so far. */
  readonly asked: Asked[]
  readonly close: () => Promise<void>
}

export interface PublicationState {
  /** TEASERS=members: articles are for members. */
  membersOnly: boolean
  /** Newest first. */
  articles: readonly TestArticle[]
  plans: readonly PlanOnSaleFragment[]
  bodiesPerAnswer: number
  /** The longest list whose previews it gives in one answer. */
  mostPreviews: number
  /** An API that gives every text to whoever asks: what the site does not ask for cannot be in it even then. */
  locksNothing: boolean
  /** Called before each answer. What it throws is the error of each top field. */
  before: (asked: Asked) => void
}

export interface Asked {
  readonly operation: string
  readonly variables: Readonly<Record<string, string | number | null>>
}

export interface TestArticle {
  readonly slug: string
  readonly title: string
  readonly visibility: Visibility
  readonly preview: string
  readonly rest: string
  readonly author: Named
  readonly tags: readonly Named[]
  readonly series: Named | null
  readonly publishedAt: string
  readonly requiredPlans: readonly Named[]
}

interface Named {
  readonly slug: string
  readonly name: string
}

export const named = (name: string): Named => ({ slug: name.toLowerCase().replaceAll(' ', '-'), name })

/** An article with texts that are nowhere else. */
export const testArticle = (slug: string, change: Partial<TestArticle> = {}): TestArticle => ({
  slug,
  title: `Title of ${slug}`,
  visibility: 'PUBLIC',
  preview: `<p>Preview of ${slug}.</p>`,
  rest: `<p>Rest of ${slug}.</p>`,
  author: named('Ada Reader'),
  tags: [named('Essays')],
  series: null,
  publishedAt: '2026-03-05T10:00:00.000Z',
  requiredPlans: [],
  ...change,
})

export const testPlan = (name: string, change: Partial<PlanOnSaleFragment> = {}): PlanOnSaleFragment => ({
  ...named(name),
  id: `plan-${name}`,
  description: `What ${name} gives.`,
  benefits: [],
  trialDays: 0,
  includes: [],
  monthly: { amountMinor: 500, currency: 'EUR' },
  yearly: null,
  ...change,
})

const schema = buildSchema(readFileSync(path.resolve(import.meta.dirname, '../../../schema.graphql'), 'utf8'))
const refused = (code: string) => new GraphQLError(`Refused: ${code}.`, { extensions: { code } })

/** @param port 0: any that is free */
export async function startPublicationApi(port = 0): Promise<PublicationApi> {
  const state: PublicationState = {
    membersOnly: false,
    articles: [],
    plans: [],
    bodiesPerAnswer: 10,
    mostPreviews: 100,
    locksNothing: false,
    before: () => undefined,
  }
  const asked: Asked[] = []
  const server = http.createServer((request, response) => {
    void request.toArray().then(async (chunks) => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString())
      const question: Asked = { operation: /^\s*query (\w+)/m.exec(query)?.[1] ?? '', variables }
      asked.push(question)
      const answer = await graphql({
        schema,
        source: query,
        variableValues: variables,
        rootValue: rootOf(state, question),
      })
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  // On a slow machine a connection would otherwise be closed just as the next question is sent over it.
  server.keepAliveTimeout = 600_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    state,
    asked,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

interface ListArguments {
  readonly first: number
  readonly after?: string | null
  readonly tag?: string | null
  readonly author?: string | null
  readonly series?: string | null
}

function rootOf(state: PublicationState, question: Asked) {
  let bodies = 0
  state.before(question)
  const shown = (article: TestArticle) => ({
    ...article,
    id: `id-${article.slug}`,
    excerpt: `Excerpt of ${article.slug}.`,
    lang: null,
    direction: 'AUTO',
    readingMinutes: 3,
    access: { granted: false, reason: 'SIGN_IN_REQUIRED', requiredPlans: article.requiredPlans },
    body() {
      if (++bodies > state.bodiesPerAnswer) throw refused('BAD_USER_INPUT')
      if (article.visibility !== 'PUBLIC' && !state.locksNothing) throw refused('UNAUTHENTICATED')
      return { html: `${article.preview}${article.rest}`, rest: article.rest }
    },
  })
  return {
    plans: () => state.plans,
    articles({ first, after, tag, author, series }: ListArguments) {
      if (state.membersOnly) throw refused('UNAUTHENTICATED')
      const start = after ? Number(after) : 0
      const end = start + first
      const is = (wanted: string | null | undefined, slugs: readonly string[]) => !wanted || slugs.includes(wanted)
      const found = state.articles.filter(
        (one) =>
          is(
            tag,
            one.tags.map(({ slug }) => slug),
          ) &&
          is(author, [one.author.slug]) &&
          is(series, one.series ? [one.series.slug] : []),
      )
      if (question.operation === 'PublicationPage' && found.slice(start, end).length > state.mostPreviews)
        throw refused('BAD_USER_INPUT')
      return {
        nodes: found.slice(start, end).map(shown),
        pageInfo: { hasNextPage: end < found.length, endCursor: String(end) },
      }
    },
    article({ slug }: { slug: string }) {
      if (state.membersOnly) throw refused('UNAUTHENTICATED')
      const article = state.articles.find((one) => one.slug === slug)
      return article ? shown(article) : null
    },
  }
}
