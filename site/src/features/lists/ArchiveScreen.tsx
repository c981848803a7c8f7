import { Link } from 'gatsby'
import { addressOfArticle, addressOfList, type Named, type Paging } from '../../addresses/addresses.ts'
import { ArticlesForMembers } from '../../articles/ArticlesFromApi.tsx'
import { textAttributes, type Neighbour } from '../../articles/text-attributes.ts'
import { dayInYear } from '../../ui/format/dates.ts'
import { Meta } from '../../ui/layout/Meta.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Pager } from '../../ui/layout/Pager.tsx'
import { byMonth } from './by-month.ts'
import { articleCount } from './list-words.ts'
import * as css from './ArchiveScreen.module.css'

interface Entry extends Neighbour {
  readonly publishedAt: string
  readonly author: Named
}

interface ArchiveScreenProps {
  readonly membersOnly: boolean
  readonly articles: readonly Entry[]
  readonly paging: Paging
  readonly count: number
}

/** Lists all articles by month, one line each. */
export function ArchiveScreen({ membersOnly, articles, paging, count }: ArchiveScreenProps) {
  const lead = membersOnly ? undefined : `${articleCount(count)}, newest first.`
  return (
    <Page narrow title={paging.page > 1 ? `Archive, page ${paging.page}` : 'Archive'} lead={lead}>
      {membersOnly ? <ArticlesForMembers /> : <Months articles={articles} />}
      <Pager paging={paging} />
    </Page>
  )
}

function Months({ articles }: { articles: readonly Entry[] }) {
  if (articles.length === 0) return <p>Nothing is published yet. Come back soon.</p>
  return (
    <div>
      {byMonth(articles).map(({ name, items }) => (
        <section key={name} aria-label={name} className={css.month}>
          <h2>{name}</h2>
          <ol className={css.list}>
            {items.map(({ slug, title, author, publishedAt, ...text }) => (
              <li key={slug}>
                <Link to={addressOfArticle(slug)} className={css.title} {...textAttributes(text)}>
                  {title}
                </Link>
                <Meta>
                  <Link to={addressOfList('author', author.slug)} dir="auto">
                    {author.name}
                  </Link>
                  <time dateTime={publishedAt}>{dayInYear(publishedAt)}</time>
                </Meta>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
