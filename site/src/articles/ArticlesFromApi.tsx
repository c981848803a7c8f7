import { useSession } from '../auth/session.tsx'
import { LoadProblem } from '../fallbacks/LoadProblem.tsx'
import { SignInToRead } from '../fallbacks/SignInToRead.tsx'
import { Button } from '../ui/controls/Button.tsx'
import { ArticleList } from './ArticleList.tsx'
import type { ListAnswer } from './list-answer.ts'
import { useArticles, type ArticleFilter } from './use-articles.ts'
import { useReadingRights } from './use-reading-rights.ts'

/** Shows a list from the API. It includes articles that were published since the build, and articles that only members see. */
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

/** With TEASERS=members the build has no articles, so members get the list from the API. */
export function ArticlesForMembers({ heading }: { heading?: 'h2' | 'h3' }) {
  const { status } = useSession()
  if (status === 'signed-in') return <ArticlesFromApi filter={{}} {...(heading && { heading })} />
  if (status === 'anonymous') return <SignInToRead />
  // A script before the first paint decides which of the two is shown (styles/base.css).
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
