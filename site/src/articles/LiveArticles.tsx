import type { ListAnswer } from './list-answer.ts'
import { useArticles, type ArticleFilter } from './use-articles.ts'
import { useReadingRights } from './use-reading-rights.ts'
import { ArticleList } from './ArticleList.tsx'
import { Button } from '../ui/Button.tsx'
import { Trouble } from '../fallbacks/Trouble.tsx'
import { MembersOnly } from '../fallbacks/MembersOnly.tsx'

/** A list from the API: what was published since the build is in it, and what only members may see. */
export function LiveArticles({ filter, heading }: { filter: ArticleFilter; heading?: 'h2' | 'h3' }) {
  return <ListOf answer={useArticles(filter)} heading={heading} />
}

export function ListOf({
  answer: { kind, cause, articles, more, retry },
  heading = 'h2',
}: {
  answer: ListAnswer
  heading?: 'h2' | 'h3' | undefined
}) {
  const rights = useReadingRights()
  if (kind === 'waiting') return <p role="status">Loading …</p>
  if (kind === 'members-only') return <MembersOnly />
  if (kind === 'away') return <Trouble cause={cause} what="The list" onRetry={retry} />
  if (articles.length === 0) return <p>Nothing here yet.</p>
  return (
    <>
      <ArticleList articles={articles} rights={rights} heading={heading} />
      {more ? <Button onPress={more}>Show more</Button> : null}
    </>
  )
}
