import { useSession } from '../auth/session.tsx'
import { LiveArticles } from './LiveArticles.tsx'
import { MembersOnly } from '../fallbacks/MembersOnly.tsx'

/** With TEASERS=members the build knows no article: members get theirs from the API. */
export function ForMembers({ heading }: { heading?: 'h2' | 'h3' }) {
  const { status } = useSession()
  if (status === 'signed-in') return <LiveArticles filter={{}} {...(heading && { heading })} />
  if (status === 'anonymous') return <MembersOnly />
  // Which of the two is shown was decided before the first paint: styles/base.css.
  return (
    <>
      <div className="if-nobody">
        <MembersOnly />
      </div>
      <p className="if-maybe" role="status">
        Loading …
      </p>
    </>
  )
}
