import { useState } from 'react'
import { accountPage, plansPage } from '../../addresses/addresses.ts'
import { useSession } from '../../auth/session.tsx'
import { isShownByPlansPage, closesByItself } from '../../features/checkout-return/checkout-return-words.ts'
import { useCheckoutReturnNotice } from '../../features/checkout-return/CheckoutReturnProvider.tsx'
import { useViewer } from '../../membership/use-viewer.ts'
import { useNow } from '../../ui/use-now.ts'
import { PassingCheckoutNotice, CheckoutProblemNotice } from './CheckoutReturnNotices.tsx'
import { membershipNotice } from './membership-notice-words.ts'
import { MembershipNotice } from './MembershipNotice.tsx'
import { SessionNotice } from './SessionNotice.tsx'
import * as css from './Notices.module.css'

const minute = 60_000

/** Shows problems, one at a time, in a row that is always kept free. They stay until they are solved or closed. */
export function Problems() {
  return (
    <div role="status" className={css.row}>
      <Problem />
    </div>
  )
}

function Problem() {
  const { problem } = useSession()
  const checkoutReturn = useCheckoutReturnNotice()
  const { viewer } = useViewer()
  const now = useNow(minute)
  /** Kept in memory: the next visit shows the notice again. */
  const [closedIds, setClosedIds] = useState<ReadonlySet<string>>(new Set())
  const membership = viewer && membershipNotice(viewer, now)

  if (problem) return <SessionNotice problem={problem} />
  if (checkoutReturn && !closesByItself(checkoutReturn.stage))
    return <CheckoutProblemNotice checkoutReturn={checkoutReturn} />
  // The account page itself shows the same information.
  if (!membership || closedIds.has(membership.id) || window.location.pathname === accountPage) return null
  const onClose = () => setClosedIds(new Set([...closedIds, membership.id]))
  return <MembershipNotice notice={membership} onClose={onClose} />
}

/** Shows good news over the bottom of the window, so that no text moves. */
export function PassingNews() {
  const checkoutReturn = useCheckoutReturnNotice()
  // The plans page shows the notice in its text.
  const isSaidThere =
    checkoutReturn !== null && isShownByPlansPage(checkoutReturn) && window.location.pathname === plansPage
  return (
    <div role="status" className={css.place}>
      {checkoutReturn && closesByItself(checkoutReturn.stage) && !isSaidThere ? (
        <PassingCheckoutNotice checkoutReturn={checkoutReturn} />
      ) : null}
    </div>
  )
}
