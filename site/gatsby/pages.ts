import type { ArticleHeadFragment, PlanOnSaleFragment } from '../src/graphql/operations.ts'
import {
  addressOfArticle,
  addressOfList,
  addressOfPage,
  pathOfPage,
  type Counted,
  type ListKind,
  type Named,
  type Neighbour,
  type Paging,
} from '../src/lib/addresses.ts'
import type { BuiltArticle, Publication } from './publication.ts'

// Which pages there are and what each of them shows, as values: gatsby-node only hands them over.

export interface HomeContext {
  readonly membersOnly: boolean
  readonly articles: readonly ArticleHeadFragment[]
  readonly paging: Paging
  readonly series: readonly Counted[]
  readonly tags: readonly Counted[]
  readonly authors: readonly Counted[]
}

export interface ListContext extends Named {
  readonly kind: ListKind
  readonly articles: readonly ArticleHeadFragment[]
  readonly paging: Paging
  readonly count: number
}

export interface ArticleContext {
  readonly article: BuiltArticle
  /** Its neighbours in its series, in the order of publication. */
  readonly previous: Neighbour | null
  readonly next: Neighbour | null
}

export interface PlansContext {
  readonly plans: readonly PlanOnSaleFragment[]
}

export type PageSpec =
  | { readonly path: string; readonly template: 'home'; readonly context: HomeContext }
  | { readonly path: string; readonly template: 'list'; readonly context: ListContext }
  | { readonly path: string; readonly template: 'article'; readonly context: ArticleContext }
  | { readonly path: string; readonly template: 'plans'; readonly context: PlansContext }

/** Articles on one page of a list. */
export const pageSize = 20

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
    ...(['series', 'tag', 'author'] as const).flatMap((kind) => lists[kind].flatMap((group) => listPages(kind, group))),
    ...articlePages(articles, lists.series),
    { path: '/plans/', template: 'plans', context: { plans } },
  ]
}

interface Group extends Named {
  readonly members: readonly BuiltArticle[]
}

/** By name; a series in the order to read it, the others newest first. */
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

function split(heads: readonly ArticleHeadFragment[], base: string) {
  const pages = Math.max(1, Math.ceil(heads.length / pageSize))
  return Array.from({ length: pages }, (_, index) => ({
    path: pathOfPage(addressOfPage(base, index + 1)),
    articles: heads.slice(index * pageSize, (index + 1) * pageSize),
    paging: { page: index + 1, pages, base },
  }))
}

function articlePages(articles: readonly BuiltArticle[], series: readonly Group[]): PageSpec[] {
  const neighbours = new Map<string, Pick<ArticleContext, 'previous' | 'next'>>()
  for (const { members } of series) {
    members.forEach(({ slug }, index) => {
      neighbours.set(slug, { previous: neighbour(members[index - 1]), next: neighbour(members[index + 1]) })
    })
  }
  return articles.map((article) => ({
    path: pathOfPage(addressOfArticle(article.slug)),
    template: 'article',
    context: { article, previous: null, next: null, ...neighbours.get(article.slug) },
  }))
}

const neighbour = (article: BuiltArticle | undefined): Neighbour | null =>
  article ? { slug: article.slug, title: article.title } : null

/** What a list shows, and no more: a page's data is fetched whole. */
function headOf({ preview: _preview, rest: _rest, requiredPlans: _plans, ...head }: BuiltArticle): ArticleHeadFragment {
  return head
}
