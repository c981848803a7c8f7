import { useSession } from '../../auth/session.tsx'
import { FailedPart } from '../../fallbacks/FailedPart.tsx'
import { SignedInPage, type KnownViewer } from '../../fallbacks/SignedInPage.tsx'
import { endedMemberships } from '../../membership/holdings.ts'
import { Button } from '../../ui/controls/Button.tsx'
import { part } from '../../ui/part.tsx'
import { BookmarksPart } from './BookmarksPart.tsx'
import { GiftsPart, type GiftsPartProps } from './GiftsPart.tsx'
import { PaymentPart } from './payments/PaymentPart.tsx'
import { membershipLine } from './plan/membership-words.ts'
import { MembershipPart } from './plan/MembershipPart.tsx'
import * as css from './AccountScreen.module.css'

interface ViewerProps {
  readonly viewer: KnownViewer
}

const PlanPart = part<ViewerProps>(FailedPart)('account-plan', MembershipPart)
const Payments = part<ViewerProps>(FailedPart)('account-payments', PaymentPart)
const Gifts = part<GiftsPartProps>(FailedPart)('account-gifts', GiftsPart)
const Bookmarks = part<object>(FailedPart)('account-bookmarks', BookmarksPart)

export function AccountScreen() {
  return (
    <SignedInPage title="Your account" why="Sign in to see your plan, payments, bookmarks and profile.">
      {(viewer) => <Account viewer={viewer} />}
    </SignedInPage>
  )
}

function Account({ viewer }: { viewer: KnownViewer }) {
  return (
    <div className={css.sections}>
      <section aria-labelledby="membership">
        <h2 id="membership">Your plan</h2>
        <PlanPart viewer={viewer} />
      </section>
      {viewer.billing ? (
        <section aria-labelledby="payments">
          <h2 id="payments">Payments</h2>
          <Payments viewer={viewer} />
        </section>
      ) : null}
      <section aria-labelledby="gifts">
        <h2 id="gifts">Gifts</h2>
        <Gifts gifts={viewer.gifts ?? []} />
      </section>
      <section aria-labelledby="bookmarks">
        <h2 id="bookmarks">Bookmarks</h2>
        <Bookmarks />
      </section>
      <Past viewer={viewer} />
      <Profile viewer={viewer} />
    </div>
  )
}

function Profile({ viewer }: { viewer: KnownViewer }) {
  const { signOut } = useSession()
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <dl className={css.facts}>
        <dt>Name</dt>
        <dd>{viewer.name ?? 'Not known yet'}</dd>
        <dt>Email</dt>
        <dd>{viewer.email ?? 'Not known yet'}</dd>
        <dt>Account ID</dt>
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
      <p className={css.soft}>Your name and email come from the sign-in service. Change them there.</p>
      <div>
        <Button onPress={signOut}>Sign out</Button>
      </div>
    </section>
  )
}

function Past({ viewer }: { viewer: KnownViewer }) {
  const past = endedMemberships(viewer.memberships)
  if (past.length === 0) return null
  return (
    <section aria-labelledby="past">
      <h2 id="past">Past plans</h2>
      <ul className={css.memberships}>
        {past.map((membership) => (
          <li key={`${membership.plan.slug} ${membership.startedAt}`}>
            <strong>{membership.plan.name}</strong>
            <span>{membershipLine(membership)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
