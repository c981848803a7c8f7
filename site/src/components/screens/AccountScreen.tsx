import { Link } from 'gatsby'
import { useSession } from '../../auth/session.tsx'
import { useBookmarks } from '../../graphql/use-bookmarks.ts'
import { membershipLine } from '../../lib/membership-words.ts'
import { ArticleList } from '../basics/ArticleList.tsx'
import { Button } from '../basics/Button.tsx'
import { Trouble } from './Trouble.tsx'
import { MemberPage, type KnownViewer } from './MemberPage.tsx'
import * as css from './AccountScreen.module.css'

export function AccountScreen() {
  return (
    <MemberPage title="Your account" why="Here are your profile, your memberships and your bookmarks.">
      {(viewer) => <Account viewer={viewer} />}
    </MemberPage>
  )
}

function Account({ viewer }: { viewer: KnownViewer }) {
  const { signOut } = useSession()
  return (
    <div className={css.sections}>
      <section aria-labelledby="profile">
        <h2 id="profile">Profile</h2>
        <dl className={css.facts}>
          <dt>Name</dt>
          <dd>{viewer.name ?? 'not known yet'}</dd>
          <dt>E-mail</dt>
          <dd>{viewer.email ?? 'not known yet'}</dd>
          <dt>Account name</dt>
          <dd>
            <code>{viewer.subject}</code>
          </dd>
          {viewer.permissions.length > 0 ? (
            <>
              <dt>Permissions</dt>
              <dd>{viewer.permissions.join(', ')}</dd>
            </>
          ) : null}
        </dl>
        <p className={css.soft}>Name and e-mail come from the sign-in service, and are changed there.</p>
        <div>
          <Button onPress={signOut}>Sign out</Button>
        </div>
      </section>
      <section aria-labelledby="memberships">
        <h2 id="memberships">Memberships</h2>
        {viewer.memberships.length === 0 ? (
          <p>
            You hold no plan. What is free, and what is for every account, is open to you.{' '}
            <Link to="/plans/">See the plans</Link>
          </p>
        ) : (
          <ul className={css.memberships}>
            {viewer.memberships.map((membership) => (
              <li key={`${membership.plan.slug} ${membership.startedAt}`}>
                <strong>{membership.plan.name}</strong>
                <span>{membershipLine(membership)}</span>
              </li>
            ))}
          </ul>
        )}
        {viewer.memberships.some(({ status }) => status === 'PAST_DUE' || status === 'UNPAID') ? (
          <p>
            A payment that failed cannot be made again on this site yet: tell the publisher the account name above, and
            your plan runs on as soon as it is settled.
          </p>
        ) : null}
      </section>
      <section aria-labelledby="bookmarks">
        <h2 id="bookmarks">Bookmarks</h2>
        <Bookmarks />
      </section>
    </div>
  )
}

function Bookmarks() {
  const { kind, cause, articles, more, retry } = useBookmarks()
  if (kind === 'waiting') return <p role="status">Fetching your bookmarks …</p>
  if (kind !== 'here') return <Trouble cause={cause} what="The list of your bookmarks" onRetry={retry} />
  if (articles.length === 0) return <p>None yet. Every piece has a button for it, below its title.</p>
  return (
    <>
      <ArticleList articles={articles} heading="h3" />
      {more ? <Button onPress={more}>Show more</Button> : null}
    </>
  )
}
