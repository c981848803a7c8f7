import { addressOfList, type ListKind, type Paging } from '../../addresses/addresses.ts'
import type { ArticleHeadFragment } from '../../api/operations.ts'
import type { ListedArticle } from '../../articles/access-label.ts'
import { ArticleList } from '../../articles/ArticleList.tsx'
import { ArticlesOfAnswer } from '../../articles/ArticlesFromApi.tsx'
import { useArticles } from '../../articles/use-articles.ts'
import { useReadingRights } from '../../articles/use-reading-rights.ts'
import { NotFound } from '../../fallbacks/NotFound.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Pager } from '../../ui/layout/Pager.tsx'
import { PageTitle } from '../../ui/Seo.tsx'
import { articleCount } from './list-words.ts'
import { ListSeo } from './ListSeo.tsx'

interface ListScreenProps {
  readonly kind: ListKind
  readonly name: string
  readonly count: number
  readonly articles: readonly ListedArticle[]
  readonly paging: Paging
}

const leads: Readonly<Record<ListKind, (count: string) => string>> = {
  tag: (count) => `${count} with this tag, newest first.`,
  author: (count) => `${count}, newest first.`,
  series: (count) => `A series of ${count}, in reading order.`,
}

/** The articles of a tag, an author or a series at the time of the build. */
export function ListScreen({ kind, name, count, articles, paging }: ListScreenProps) {
  const rights = useReadingRights()
  const lead = leads[kind](articleCount(count))
  return (
    <Page narrow title={name} lead={paging.page === 1 ? lead : `${lead} Page ${paging.page}.`}>
      <ArticleList articles={articles} rights={rights} />
      <Pager paging={paging} words={kind === 'series' ? ['Earlier', 'Later'] : ['Newer', 'Older']} />
    </Page>
  )
}

/** A list that was published after the build, from the API. */
export function UnbuiltListScreen({ kind, slug }: { kind: ListKind; slug: string }) {
  const answer = useArticles({ [kind]: slug })
  if (answer.kind === 'loaded' && answer.articles.length === 0) return <NotFound unbuilt />
  const name = nameOf(kind, slug, answer.articles) ?? slug
  return (
    <Page narrow title={name}>
      {answer.kind === 'loaded' ? (
        <ListSeo name={name} articles={answer.articles} path={addressOfList(kind, slug)} />
      ) : (
        <PageTitle>{name}</PageTitle>
      )}
      <ArticlesOfAnswer answer={answer} />
    </Page>
  )
}

function nameOf(kind: ListKind, slug: string, [first]: readonly ArticleHeadFragment[]): string | undefined {
  if (!first) return undefined
  if (kind === 'author') return first.author.name
  return kind === 'series' ? first.series?.name : first.tags.find((tag) => tag.slug === slug)?.name
}
