import { useState } from 'react'
import { Link } from 'gatsby'
import { accountPage, plansPage } from '../../../addresses/addresses.ts'
import { useReadingRights } from '../../../articles/use-reading-rights.ts'
import type { KnownViewer } from '../../../fallbacks/SignedInPage.tsx'
import { givenMemberships, isFailing, isRunning, paidMembership, type Held } from '../../../membership/holdings.ts'
import { pricePer } from '../../../membership/interval-words.ts'
import { comingChangeLine, keepLabel } from '../../../membership/plan-change-words.ts'
import { useMembershipActions } from '../../../membership/use-membership-actions.ts'
import { Button, Buttons, LinkButton } from '../../../ui/controls/Button.tsx'
import { CancelDialog } from './CancelDialog.tsx'
import { failureLine, membershipLine } from './membership-words.ts'
import * as css from '../AccountScreen.module.css'

/** The memberships of the reader, with the actions on the paid one. */
export function MembershipPart({ viewer }: { viewer: KnownViewer }) {
  const rights = useReadingRights()
  const paid = paidMembership(viewer.memberships)
  const given = givenMemberships(viewer.memberships)
  if (!paid && given.length === 0) {
    if (rights.staff) return <p>You’re on the staff and can read every article.</p>
    return (
      <p>
        You don’t have a plan. You can read free articles and articles for members.{' '}
        <Link to={plansPage}>See plans</Link>
      </p>
    )
  }
  return (
    <>
      {paid ? <Paid held={paid} viewer={viewer} /> : null}
      {given.map((held) => (
        <div key={`${held.plan.slug} ${held.startedAt}`} className={css.holding}>
          <h3>{held.plan.name}</h3>
          <p>{membershipLine(held)}</p>
        </div>
      ))}
    </>
  )
}

function Paid({ held, viewer: { billing } }: { held: Held; viewer: KnownViewer }) {
  const change = billing?.change
  const failure = failureLine(held)
  return (
    <div className={css.holding}>
      <h3>{held.plan.name}</h3>
      <div role="status">
        <p>{membershipLine(held)}</p>
        {failure ? <p>{failure}</p> : null}
        {change ? <p>{comingChangeLine(held.plan, change)}</p> : null}
      </div>
      {billing?.price && billing.interval ? <p>{pricePer(billing.price, billing.interval)}</p> : null}
      <Steps held={held} change={change ?? null} />
    </div>
  )
}

interface StepsProps {
  readonly held: Held
  readonly change: NonNullable<KnownViewer['billing']>['change']
}

/** The buttons of a paid membership, the main one first. */
function Steps({ held, change }: StepsProps) {
  const { keep, openPortal } = useMembershipActions()
  const [isDialogOpen, setDialogOpen] = useState(false)
  const running = isRunning(held)
  return (
    <Buttons>
      {isFailing(held) ? (
        <Button look="main" onPress={() => openPortal('UPDATE_CARD', accountPage)}>
          Update payment
        </Button>
      ) : null}
      {running && held.cancelAtPeriodEnd ? (
        <Button look="main" onPress={keep}>
          Keep {held.plan.name}
        </Button>
      ) : running && change ? (
        <Button look="main" onPress={keep}>
          {keepLabel(held, change)}
        </Button>
      ) : null}
      {running ? (
        <LinkButton to={plansPage} look="plain">
          Change plan
        </LinkButton>
      ) : null}
      {held.status !== 'INCOMPLETE' && !held.cancelAtPeriodEnd ? (
        <Button onPress={() => setDialogOpen(true)}>Cancel {held.plan.name}</Button>
      ) : null}
      {isDialogOpen ? <CancelDialog held={held} onClose={() => setDialogOpen(false)} /> : null}
    </Buttons>
  )
}
