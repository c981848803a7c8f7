import type { ListAnswer } from '../../graphql/list-answer.ts'
import { useArticles, type ArticleFilter } from '../../graphql/use-articles.ts'
import { useReadingRights } from '../../graphql/use-reading-rights.ts'
import { ArticleList } from '../basics/ArticleList.tsx'
import { Button } from '../basics/Button.tsx'
import { Trouble } from './Trouble.tsx'
import { MembersOnly } from './MembersOnly.tsx'

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
