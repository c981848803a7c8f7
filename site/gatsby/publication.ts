import type { GraphQLFormattedError } from 'graphql'
import {
  PlansDocument,
  PublicationPageDocument,
  type PublicationPageQueryVariables,
  PublicTextsDocument,
  PublishedListDocument,
  type PublishedListQueryVariables,
  UnbuiltArticleDocument,
  type ArticleHeadFragment,
  type PlanNameFragment,
  type PlanOnSaleFragment,
  type PublishedArticleFragment,
  type PublishedHeadFragment,
} from '../src/api/operations.ts'
import type { ListKind } from '../src/addresses/addresses.ts'
import { askApi, BuildProblem, type ApiOptions } from './ask-api.ts'

/** An article in a list. */
export interface BuiltHead extends ArticleHeadFragment {
  readonly requiredPlans: readonly PlanNameFragment[]
}

/** An article as an anonymous reader sees it. */
export interface BuiltArticle extends BuiltHead {
  readonly preview: string
  /** The text after the preview of a PUBLIC article; null for all others. */
  readonly rest: string | null
}

export interface Publication {
  /** TEASERS=members: anonymous readers see no articles, so none is built. */
  readonly membersOnly: boolean
  /** Newest first. */
  readonly articles: readonly BuiltArticle[]
  readonly plans: readonly PlanOnSaleFragment[]
}

/**
 * Reads the publication as an anonymous reader, by pages of 100.
 *
 * @throws BuildProblem
 */
export async function readPublication(api: ApiOptions): Promise<Publication> {
  const { data } = await askApi(PlansDocument, {}, api)
  const found = await readArticles(api)
  if (found === null) return { membersOnly: true, articles: [], plans: data.plans }
  const slugs = found.filter(({ visibility }) => visibility === 'PUBLIC').map(({ slug }) => slug)
  const texts = await readPublicTexts(slugs, api)
  const articles = found.map((article) => builtArticleOf(article, texts.get(article.slug) ?? null))
  return { membersOnly: false, articles, plans: data.plans }
}

const builtHeadOf = <Head extends PublishedHeadFragment>({ access, ...head }: Head) => ({
  ...head,
  requiredPlans: access.requiredPlans,
})

const builtArticleOf = (article: PublishedArticleFragment, rest: string | null): BuiltArticle => ({
  ...builtHeadOf(article),
  rest,
})

/**
 * Reads one article as an anonymous reader. The text after the preview is asked for only if the article is PUBLIC.
 *
 * @returns the article; `missing` if none is published under this slug; `members-only` if anonymous readers see no articles
 * @throws BuildProblem if the API does not answer
 */
export async function readArticle(slug: string, api: ApiOptions): Promise<BuiltArticle | 'missing' | 'members-only'> {
  const { data, errors } = await askApi(UnbuiltArticleDocument, { slug }, api)
  const { article } = data
  if (!article) return absence(errors, api)
  const texts = article.visibility === 'PUBLIC' ? await readPublicTexts([slug], api) : null
  return builtArticleOf(article, texts?.get(slug) ?? null)
}

/** At most this many requests for one list, for 500 articles. */
const mostListPages = 5

/**
 * Reads the articles of a tag, an author or a series as an anonymous reader, newest first.
 *
 * @returns the articles; an empty list for an unknown slug; `members-only` if anonymous readers see no articles
 * @throws BuildProblem if the API does not answer, or the list is too long
 */
export async function readList(
  kind: ListKind,
  slug: string,
  api: ApiOptions,
): Promise<readonly BuiltHead[] | 'members-only'> {
  const heads: BuiltHead[] = []
  for (let page = 0, after: string | null = null; page < mostListPages; page++) {
    const variables = { first: longestPage, after, [kind]: slug }
    const { data, errors }: Awaited<ReturnType<typeof askList>> = await askList(variables, api)
    if (!data.articles) return absence(errors, api) === 'missing' ? [] : 'members-only'
    heads.push(...data.articles.nodes.map(builtHeadOf))
    const { hasNextPage, endCursor } = data.articles.pageInfo
    if (!hasNextPage || !endCursor) return heads
    after = endCursor
  }
  throw new BuildProblem(`The list of ${kind} ${slug} is longer than ${heads.length} articles.`)
}

const askList = (variables: PublishedListQueryVariables, api: ApiOptions) =>
  askApi(PublishedListDocument, variables, api)

/** Returns why an answer is null: nothing found, or not for anonymous readers. @throws BuildProblem for any other error */
function absence([error]: readonly GraphQLFormattedError[], { apiUrl }: ApiOptions): 'missing' | 'members-only' {
  const code = error?.extensions?.code
  if (code === 'UNAUTHENTICATED') return 'members-only'
  // BAD_USER_INPUT: the text does not have the form of a slug.
  if (!error || code === 'BAD_USER_INPUT' || code === 'NOT_FOUND') return 'missing'
  throw new BuildProblem(`The API at ${apiUrl} did not return a page (${error.message}).`)
}

/** Reads all articles; null if anonymous readers see none. */
async function readArticles(api: ApiOptions): Promise<PublishedArticleFragment[] | null> {
  const found = new Map<string, PublishedArticleFragment>()
  let first = longestPage
  for (let after: string | null = null; ;) {
    const { data, errors }: Awaited<ReturnType<typeof askPage>> = await askPage({ first, after }, api)
    if (!data.articles) {
      // The previews may be too long for one answer.
      if (first > 1 && errors.some(({ extensions }) => extensions?.code === 'BAD_USER_INPUT')) {
        first = Math.ceil(first / 2)
        continue
      }
      if (errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) return null
      throw new BuildProblem(
        `The API at ${api.apiUrl} did not list the articles (${errors[0]?.message ?? 'no reason'}).`,
      )
    }
    // By slug, because an article may move to another page while the list is read.
    for (const article of data.articles.nodes) found.set(article.slug, article)
    const { hasNextPage, endCursor } = data.articles.pageInfo
    if (!hasNextPage || !endCursor) return [...found.values()]
    after = endCursor
  }
}

const longestPage = 100

const askPage = (variables: PublicationPageQueryVariables, api: ApiOptions) =>
  askApi(PublicationPageDocument, variables, api)

/** A slug that no article has. It fills the unused places of a query for ten articles. */
const nobody = '-'
const places = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const

/** Error codes of an article that was locked after the list was read. */
const lockedSince = new Set<unknown>(['UNAUTHENTICATED', 'SUBSCRIPTION_REQUIRED'])

async function readPublicTexts(slugs: readonly string[], api: ApiOptions): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  // The default limit of bodies in one answer. An API with a lower limit refuses, and the query is repeated with fewer.
  let most = places.length as number
  for (let waiting = [...slugs]; waiting.length > 0;) {
    const asked = waiting.slice(0, most)
    const variables = Object.fromEntries(places.map((place, index) => [place, asked[index] ?? nobody]))
    const { data, errors } = await askApi(
      PublicTextsDocument,
      variables as Record<(typeof places)[number], string>,
      api,
    )
    const tooMany = errors.some(({ extensions }) => extensions?.code === 'BAD_USER_INPUT')
    if (tooMany && asked.length > 1) {
      most = Math.ceil(asked.length / 2)
      continue
    }
    // Without its text, the page of a public article would show a paywall.
    const failed = errors.find(({ extensions }) => !lockedSince.has(extensions?.code))
    if (failed) throw new BuildProblem(`The API at ${api.apiUrl} did not return the public texts (${failed.message}).`)
    for (const place of places) {
      const article = data[place]
      if (article?.body && article.visibility === 'PUBLIC') texts.set(article.slug, article.body.rest)
    }
    waiting = waiting.slice(asked.length)
  }
  return texts
}
