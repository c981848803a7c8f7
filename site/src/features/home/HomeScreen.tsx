import { Link } from 'gatsby'
import { addressOfIndex, addressOfList, type Counted, type ListKind, type Paging } from '../../addresses/addresses.ts'
import type { ListedArticle } from '../../articles/access-label.ts'
import { ArticleList } from '../../articles/ArticleList.tsx'
import { ArticlesForMembers } from '../../articles/ArticlesFromApi.tsx'
import { useReadingRights } from '../../articles/use-reading-rights.ts'
import { site } from '../../env.ts'
import { Pager } from '../../ui/layout/Pager.tsx'
import * as css from './HomeScreen.module.css'

interface HomeScreenProps {
  readonly membersOnly: boolean
  readonly articles: readonly ListedArticle[]
  readonly paging: Paging
  readonly series: readonly Counted[]
  readonly tags: readonly Counted[]
  readonly authors: readonly Counted[]
}

export function HomeScreen({ membersOnly, articles, paging, series, tags, authors }: HomeScreenProps) {
  const isFirst = paging.page === 1
  return (
    <>
      {isFirst ? (
        <div className={css.hero}>
          <h1>{site.tagline}</h1>
        </div>
      ) : (
        <h1 className={css.later}>All articles, page {paging.page}</h1>
      )}
      <div className={css.columns}>
        <section aria-labelledby="latest">
          <h2 id="latest" className={isFirst ? css.label : 'for-ears'}>
            Latest
          </h2>
          {membersOnly ? <ArticlesForMembers heading="h3" /> : <Built articles={articles} paging={paging} />}
        </section>
        {membersOnly ? null : (
          <aside className={css.aside} aria-label="Browse">
            <Browse title="Series" kind="series" items={series} />
            <Browse title="Authors" kind="author" items={authors} />
            <Browse title="Tags" kind="tag" items={tags} />
          </aside>
        )}
      </div>
    </>
  )
}

function Built({ articles, paging }: { articles: readonly ListedArticle[]; paging: Paging }) {
  const rights = useReadingRights()
  if (articles.length === 0) return <p className={css.empty}>Nothing is published yet. Come back soon.</p>
  return (
    <>
      <ArticleList articles={articles} rights={rights} heading="h3" />
      <Pager paging={paging} />
    </>
  )
}

function Browse({ title, kind, items }: { title: string; kind: ListKind; items: readonly Counted[] }) {
  if (items.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className={css.label}>
        <Link to={addressOfIndex(kind)}>{title}</Link>
      </h2>
      <ul className={css.walk}>
        {items.map(({ slug, name, count }) => (
          <li key={slug}>
            <Link to={addressOfList(kind, slug)} dir="auto">
              {name}
            </Link>
            {/* The count stays on the line of the name. */}
            {'\u00a0'}
            <span className={css.count}>{count}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
