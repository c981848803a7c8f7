import { useState } from 'react'
import { useSession } from '../../auth/session.tsx'
import { useArrival } from '../../graphql/arrival.tsx'
import { useViewer } from '../../graphql/use-viewer.ts'
import { accountPage } from '../../lib/addresses.ts'
import { membershipNotice } from '../../lib/membership-notice.ts'
import { useNow } from '../../lib/use-now.ts'
import { ArrivalNotice } from './ArrivalNotice.tsx'
import { MembershipNotice } from './MembershipNotice.tsx'
import { SessionNotice } from './SessionNotice.tsx'
import * as css from './Notices.module.css'

const minute = 60_000

/** News of the session, of a payment, of a membership: one at a time, over the foot of the window. Nothing that is read moves. */
export function Notices() {
  return (
    <div role="status" className={css.place}>
      <Notice />
    </div>
  )
}

function Notice() {
  const { trouble } = useSession()
  const arrival = useArrival()
  const { viewer } = useViewer()
  const now = useNow(minute)
  /** For as long as the page lives: on the next visit it is said again. */
  const [closed, close] = useState<ReadonlySet<string>>(new Set())
  const membership = viewer && membershipNotice(viewer, now)

  if (trouble) return <SessionNotice trouble={trouble} />
  if (arrival) return <ArrivalNotice arrival={arrival} />
  // The account’s page says it itself, and has the button that a notice would lie over.
  if (!membership || closed.has(membership.id) || window.location.pathname === accountPage) return null
  const onClose = () => close(new Set([...closed, membership.id]))
  return <MembershipNotice notice={membership} onClose={onClose} />
}
