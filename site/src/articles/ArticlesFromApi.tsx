import { useSession } from '../auth/session.tsx'
import { LoadProblem } from '../fallbacks/LoadProblem.tsx'
import { SignInToRead } from '../fallbacks/SignInToRead.tsx'
import { Button } from '../ui/Button.tsx'
import { ArticleList } from './ArticleList.tsx'
import type { ListAnswer } from './list-answer.ts'
import { useArticles, type ArticleFilter } from './use-articles.ts'
import { useReadingRights } from './use-reading-rights.ts'

/** A list from the API: what was published since the build is in it, and what only members may see. */
export function ArticlesFromApi({ filter, heading }: { filter: ArticleFilter; heading?: 'h2' | 'h3' }) {
  return <ArticlesOfAnswer answer={useArticles(filter)} heading={heading} />
}

export function ArticlesOfAnswer({
  answer: { kind, cause, articles, more, retry },
  heading = 'h2',
}: {
  answer: ListAnswer
  heading?: 'h2' | 'h3' | undefined
}) {
  const rights = useReadingRights()
  if (kind === 'loading') return <p role="status">Loading …</p>
  if (kind === 'members-only') return <SignInToRead />
  if (kind === 'failed') return <LoadProblem cause={cause} what="The list" onRetry={retry} />
  if (articles.length === 0) return <p>Nothing here yet.</p>
  return (
    <>
      <ArticleList articles={articles} rights={rights} heading={heading} />
      {more ? <Button onPress={more}>Show more</Button> : null}
    </>
  )
}

/** With TEASERS=members the build knows no article: members get theirs from the API. */
export function ArticlesForMembers({ heading }: { heading?: 'h2' | 'h3' }) {
  const { status } = useSession()
  if (status === 'signed-in') return <ArticlesFromApi filter={{}} {...(heading && { heading })} />
  if (status === 'anonymous') return <SignInToRead />
  // Which of the two is shown was decided before the first paint: styles/base.css.
  return (
    <>
      <div className="if-nobody">
        <SignInToRead />
      </div>
      <p className="if-maybe" role="status">
        Loading …
      </p>
    </>
  )
}
