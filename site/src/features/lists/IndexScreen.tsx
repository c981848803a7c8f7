import { Link } from 'gatsby'
import { addressOfList, type Counted, type ListKind } from '../../addresses/addresses.ts'
import { ArticlesForMembers } from '../../articles/ArticlesFromApi.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { articleCount } from './list-words.ts'
import * as css from './IndexScreen.module.css'

interface IndexScreenProps {
  readonly membersOnly: boolean
  readonly kind: ListKind
  readonly items: readonly Counted[]
}

export const indexTitles: Readonly<Record<ListKind, string>> = { series: 'Series', author: 'Authors', tag: 'Tags' }

/** Lists all series, all authors or all tags by name. */
export function IndexScreen({ membersOnly, kind, items }: IndexScreenProps) {
  return (
    <Page narrow title={indexTitles[kind]}>
      {membersOnly ? (
        <ArticlesForMembers />
      ) : items.length === 0 ? (
        <p>Nothing is published yet. Come back soon.</p>
      ) : (
        <ul className={css.list}>
          {items.map(({ slug, name, count }) => (
            <li key={slug}>
              <Link to={addressOfList(kind, slug)} dir="auto">
                {name}
              </Link>
              <span className={css.count}>{articleCount(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
