import { useEffect, useRef } from 'react'
import { Link } from 'gatsby'
import { addressOfArticle, addressOfList } from '../../addresses/addresses.ts'
import { textAttributes } from '../../articles/text-attributes.ts'
import { useReadingRights } from '../../articles/use-reading-rights.ts'
import { useSession } from '../../auth/session.tsx'
import { site } from '../../env.ts'
import { FailedPart } from '../../fallbacks/FailedPart.tsx'
import { NotFound } from '../../fallbacks/NotFound.tsx'
import { SignInToRead } from '../../fallbacks/SignInToRead.tsx'
import { EmptyFallback, part } from '../../ui/part.tsx'
import { PageTitle } from '../../ui/Seo.tsx'
import { ArticleAsBuilt, type BuiltArticle } from './ArticleAsBuilt.tsx'
import { ArticleSeo } from './ArticleSeo.tsx'
import { ArticleHeader } from './header/ArticleHeader.tsx'
import { paidBodyState } from './paid-body/paid-body-state.ts'
import { PaidBody, type PaidBodyProps } from './paid-body/PaidBody.tsx'
import { ProgressLine, type ProgressLineProps } from './ProgressLine.tsx'
import { SeriesNav, type Neighbours, type SeriesNavProps } from './SeriesNav.tsx'
import { linkBelow, withLinksBelow } from './text/links-below.ts'
import { Prose } from './text/Prose.tsx'
import { useArticle } from './use-article.ts'
import * as css from './ArticleScreen.module.css'

interface ArticleScreenProps {
  readonly slug: string
  /** Null if it was published after the build. */
  readonly built: BuiltArticle | null
  readonly neighbours: Neighbours
}

/** Keeps the text if it is known. */
function PaidBodyFailed({ state, text }: PaidBodyProps) {
  return state.kind === 'open' ? <Prose html={state.html} id="rest" {...text} /> : <FailedPart />
}

const Progress = part<ProgressLineProps>(EmptyFallback)('progress', ProgressLine)
const PaidBodyPart = part<PaidBodyProps>(PaidBodyFailed)('rest', PaidBody)
const Series = part<SeriesNavProps>(EmptyFallback)('series-nav', SeriesNav)

export const ArticleScreen = part<ArticleScreenProps>(ArticleAsBuilt)('article-screen', Article)

function Article({ slug, built, neighbours }: ArticleScreenProps) {
  const { status } = useSession()
  const rights = useReadingRights()
  const { answer, asking, retry } = useArticle(slug, built?.rest == null)
  const fetched = answer.kind === 'loaded' ? answer.article : null
  const state = paidBodyState({ built, session: status, answer })
  const text = useRef<HTMLElement>(null)
  const shown = fetched ?? built
  const isOpen = state.kind === 'open'
  useEffect(() => {
    if (isOpen) linkBelow(document)
  }, [isOpen, shown?.preview])

  if (!shown) {
    if (answer.kind === 'missing') return <NotFound unbuilt />
    return (
      <>
        <PageTitle>Article</PageTitle>
        {answer.kind === 'members-only' ? (
          <SignInToRead page />
        ) : (
          <article className={css.column}>
            <h1 className="for-ears">Article</h1>
            <PaidBodyPart
              slug={slug}
              state={state}
              asking={asking}
              visibility="MEMBERS"
              text={{ dir: 'auto' }}
              onRetry={retry}
            />
          </article>
        )}
      </>
    )
  }
  return (
    <>
      {built ? null : <ArticleSeo article={shown} />}
      <Progress of={text} />
      <article ref={text} className={css.column}>
        <ArticleHeader
          article={shown}
          bookmarked={fetched?.bookmarked ?? null}
          rights={rights}
          granted={fetched?.access.granted ?? null}
        />
        <Prose html={built?.rest == null ? shown.preview : withLinksBelow(shown.preview)} {...textAttributes(shown)} />
        <PaidBodyPart
          slug={slug}
          state={state}
          asking={asking}
          visibility={shown.visibility}
          text={textAttributes(shown)}
          onRetry={retry}
        />
      </article>
      <div className={css.column}>
        {shown.tags.length > 0 ? (
          <ul className={`not-printed ${css.tags}`} aria-label="Tags">
            {shown.tags.map(({ slug: tag, name }) => (
              <li key={tag}>
                <Link to={addressOfList('tag', tag)} dir="auto">
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        ) : null}
        <p className="only-printed">{`${site.url}${addressOfArticle(slug)}`}</p>
        <Series series={shown.series} neighbours={neighbours} />
      </div>
    </>
  )
}
