import type { ArticleHeadFragment, PlanOnSaleFragment } from '../src/api/operations.ts'
import {
  addressOfArticle,
  addressOfIndex,
  addressOfList,
  addressOfPage,
  archivePage,
  pathOfPage,
  type Counted,
  type ListKind,
  type Named,
  type Paging,
} from '../src/addresses/addresses.ts'
import type { Neighbour } from '../src/articles/text-attributes.ts'
import type { ListedArticle } from '../src/articles/access-label.ts'
import type { BuiltArticle, BuiltHead, Publication } from './publication.ts'

// The pages of the site and their data, as values. gatsby-node passes them to Gatsby.

export interface HomeContext {
  readonly membersOnly: boolean
  readonly articles: readonly ListedArticle[]
  readonly paging: Paging
  readonly series: readonly Counted[]
  readonly tags: readonly Counted[]
  readonly authors: readonly Counted[]
}

export interface ListContext extends Named {
  readonly kind: ListKind
  readonly articles: readonly ListedArticle[]
  readonly paging: Paging
  readonly count: number
}

export interface ArticleContext {
  readonly article: BuiltArticle
  /** The neighbours in the series, in the order of publication. */
  readonly previous: Neighbour | null
  readonly next: Neighbour | null
}

/** A line of the archive. */
interface ArchiveEntry extends Neighbour {
  readonly publishedAt: string
  readonly author: Named
  readonly visibility: ArticleHeadFragment['visibility']
}

export interface ArchiveContext {
  readonly membersOnly: boolean
  readonly articles: readonly ArchiveEntry[]
  readonly paging: Paging
  readonly count: number
}

export interface IndexContext {
  readonly membersOnly: boolean
  readonly kind: ListKind
  readonly items: readonly Counted[]
}

export interface PlansContext {
  readonly plans: readonly PlanOnSaleFragment[]
}

export type PageSpec =
  | { readonly path: string; readonly template: 'home'; readonly context: HomeContext }
  | { readonly path: string; readonly template: 'list'; readonly context: ListContext }
  | { readonly path: string; readonly template: 'archive'; readonly context: ArchiveContext }
  | { readonly path: string; readonly template: 'index'; readonly context: IndexContext }
  | { readonly path: string; readonly template: 'article'; readonly context: ArticleContext }
  | { readonly path: string; readonly template: 'plans'; readonly context: PlansContext }

/** Articles on one page of a list. */
export const pageSize = 20
/** Lines on one page of the archive. */
export const archiveSize = 100

export function pagesOf({ membersOnly, articles, plans }: Publication): PageSpec[] {
  const lists = { series: groups(articles, 'series'), tag: groups(articles, 'tag'), author: groups(articles, 'author') }
  const around = { series: counted(lists.series), tags: counted(lists.tag), authors: counted(lists.author) }
  const home = split(articles.map(headOf), '/').map(({ path, ...part }): PageSpec => ({
    path,
    template: 'home',
    context: { membersOnly, ...part, ...around },
  }))
  return [
    ...home,
    ...archivePages(articles, membersOnly),
    ...(['series', 'author', 'tag'] as const).map((kind): PageSpec => ({
      path: addressOfIndex(kind),
      template: 'index',
      context: { membersOnly, kind, items: counted(lists[kind]) },
    })),
    ...(['series', 'tag', 'author'] as const).flatMap((kind) => lists[kind].flatMap((group) => listPages(kind, group))),
    ...articlePages(articles, lists.series),
    { path: '/plans/', template: 'plans', context: { plans } },
  ]
}

interface Group extends Named {
  readonly members: readonly BuiltHead[]
}

/** Groups articles by tag, author or series, sorted by name. A series is in reading order, the others are newest first. */
function groups(articles: readonly BuiltArticle[], kind: ListKind): Group[] {
  const found = new Map<string, Named & { members: BuiltArticle[] }>()
  for (const article of articles) {
    for (const { slug, name } of namesOf(article, kind)) {
      const group = found.get(slug) ?? { slug, name, members: [] }
      found.set(slug, group)
      group.members.push(article)
    }
  }
  const all = [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
  return kind === 'series' ? all.map((group) => ({ ...group, members: group.members.toReversed() })) : all
}

function namesOf({ tags, author, series }: ArticleHeadFragment, kind: ListKind): readonly Named[] {
  if (kind === 'tag') return tags
  if (kind === 'author') return [author]
  return series ? [series] : []
}

const counted = (all: readonly Group[]): Counted[] =>
  all.map(({ slug, name, members }) => ({ slug, name, count: members.length }))

function listPages(kind: ListKind, { slug, name, members }: Group): PageSpec[] {
  const base = addressOfList(kind, slug)
  return split(members.map(headOf), base).map(({ path, ...part }) => ({
    path,
    template: 'list',
    context: { kind, slug, name, count: members.length, ...part },
  }))
}

function archivePages(articles: readonly BuiltArticle[], membersOnly: boolean): PageSpec[] {
  const entries = articles.map(({ slug, title, lang, direction, publishedAt, author, visibility }): ArchiveEntry => ({
    slug,
    title,
    lang,
    direction,
    publishedAt,
    author,
    visibility,
  }))
  return split(entries, archivePage, archiveSize).map(({ path, ...part }) => ({
    path,
    template: 'archive',
    context: { membersOnly, count: entries.length, ...part },
  }))
}

function split<Item>(items: readonly Item[], base: string, size = pageSize) {
  const pages = Math.max(1, Math.ceil(items.length / size))
  return Array.from({ length: pages }, (_, index) => ({
    path: pathOfPage(addressOfPage(base, index + 1)),
    articles: items.slice(index * size, (index + 1) * size),
    paging: { page: index + 1, pages, base },
  }))
}

function articlePages(articles: readonly BuiltArticle[], series: readonly Group[]): PageSpec[] {
  const neighbours = new Map<string, Neighbours>()
  for (const { members } of series)
    members.forEach(({ slug }, index) => neighbours.set(slug, neighboursAt(members, index)))
  return articles.map((article) => articlePage(article, neighbours.get(article.slug)))
}

type Neighbours = Pick<ArticleContext, 'previous' | 'next'>

const articlePage = (article: BuiltArticle, { previous, next }: Neighbours = { previous: null, next: null }) =>
  ({
    path: pathOfPage(addressOfArticle(article.slug)),
    template: 'article',
    context: { article, previous, next },
  }) satisfies PageSpec

const neighboursAt = (members: readonly Neighbour[], index: number): Neighbours => ({
  previous: neighbour(members[index - 1]),
  next: neighbour(members[index + 1]),
})

const neighbour = (article: Neighbour | undefined): Neighbour | null =>
  article ? { slug: article.slug, title: article.title, lang: article.lang, direction: article.direction } : null

/**
 * Returns the page of one article, as the build makes it.
 *
 * @param series the articles of its series, newest first; empty if it has none
 */
export function pageOfArticle(article: BuiltArticle, series: readonly ArticleHeadFragment[]): PageSpec {
  const members = series.toReversed()
  const index = members.findIndex(({ slug }) => slug === article.slug)
  return articlePage(article, index < 0 ? undefined : neighboursAt(members, index))
}

/** Returns the pages of one list, as the build makes them. @param articles newest first; not empty */
export function pagesOfList(kind: ListKind, slug: string, articles: readonly BuiltHead[]): PageSpec[] {
  const named = articles.flatMap((article) => namesOf(article, kind)).find((one) => one.slug === slug)
  const members = kind === 'series' ? articles.toReversed() : articles
  return named ? listPages(kind, { ...named, members }) : []
}

/** Returns the fields that a list shows, because browsers fetch the whole data of a page. */
function headOf(article: BuiltHead & Partial<BuiltArticle>): ListedArticle {
  const { preview: _preview, rest: _rest, requiredPlans, ...head } = article
  // The label needs the plans only for visibility PLANS.
  if (head.visibility !== 'PLANS') return head
  return { ...head, openedBy: requiredPlans.map(({ slug }) => slug) }
}
