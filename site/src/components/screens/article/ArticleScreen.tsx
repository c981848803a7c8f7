import { useEffect, useRef } from 'react'
import { Link } from 'gatsby'
import { useSession } from '../../../auth/session.tsx'
import type { ArticleHeadFragment, PlanNameFragment } from '../../../graphql/operations.ts'
import { useArticle } from '../../../graphql/use-article.ts'
import { addressOfList } from '../../../lib/addresses.ts'
import { linkBelow, withLinksBelow } from '../../../lib/links-below.ts'
import { restState } from '../../../lib/rest-state.ts'
import { Prose } from '../../basics/Prose.tsx'
import { LiveTitle } from '../LiveTitle.tsx'
import { MembersOnly } from '../MembersOnly.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { ArticleHeader } from './ArticleHeader.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { Rest } from './Rest.tsx'
import { SeriesNav, type Neighbours } from './SeriesNav.tsx'
import * as css from './ArticleScreen.module.css'

/** What the page was built with. */
export interface BuiltArticle extends ArticleHeadFragment {
  readonly preview: string
  readonly requiredPlans: readonly PlanNameFragment[]
  readonly rest: string | null
}

interface ArticleScreenProps {
  readonly slug: string
  /** Null: published after the build. */
  readonly built: BuiltArticle | null
  readonly neighbours: Neighbours
}

export function ArticleScreen({ slug, built, neighbours }: ArticleScreenProps) {
  const { status } = useSession()
  const { answer, asking, retry } = useArticle(slug, built?.rest == null)
  const live = answer.kind === 'here' ? answer.article : null
  const state = restState({ built, session: status, answer })
  const text = useRef<HTMLElement>(null)
  const shown = live ?? built
  const isOpen = state.kind === 'open'
  useEffect(() => {
    if (isOpen) linkBelow(document)
  }, [isOpen, shown?.preview])

  if (!shown) {
    if (answer.kind === 'gone') return <NotFoundScreen live />
    return (
      <>
        <LiveTitle>An article</LiveTitle>
        {answer.kind === 'members-only' ? (
          <MembersOnly page />
        ) : (
          <article className={css.column}>
            <h1 className="for-ears">An article</h1>
            <Rest slug={slug} state={state} asking={asking} visibility="MEMBERS" onRetry={retry} />
          </article>
        )}
      </>
    )
  }
  return (
    <>
      {built ? null : <LiveTitle>{shown.title}</LiveTitle>}
      <ProgressLine of={text} />
      <article ref={text} className={css.column}>
        <ArticleHeader article={shown} bookmarked={live?.bookmarked ?? null} />
        <Prose html={built?.rest == null ? shown.preview : withLinksBelow(shown.preview)} />
        <Rest slug={slug} state={state} asking={asking} visibility={shown.visibility} onRetry={retry} />
      </article>
      <div className={css.column}>
        {shown.tags.length > 0 ? (
          <ul className={css.tags} aria-label="Tags">
            {shown.tags.map(({ slug: tag, name }) => (
              <li key={tag}>
                <Link to={addressOfList('tag', tag)}>{name}</Link>
              </li>
            ))}
          </ul>
        ) : null}
        <SeriesNav series={shown.series} neighbours={neighbours} />
      </div>
    </>
  )
}
