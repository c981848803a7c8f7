import { useState } from 'react'
import { Link } from 'gatsby'
import { readPlansQuery, type PlansQuery } from '../../addresses/plans-address.ts'
import { useApiQuery } from '../../api/hooks.ts'
import { PlansDocument, type BillingInterval, type PlanOnSaleFragment } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { LoadProblem } from '../../fallbacks/LoadProblem.tsx'
import { paidMembership } from '../../membership/holdings.ts'
import { intervals, intervalWords } from '../../membership/interval-words.ts'
import { useViewer } from '../../membership/use-viewer.ts'
import { Choice } from '../../ui/controls/Choice.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { isShownByPlansPage } from '../checkout-return/checkout-return-words.ts'
import { useCheckoutReturnNotice } from '../checkout-return/CheckoutReturnProvider.tsx'
import { GiftSection } from './GiftSection.tsx'
import { savingNote } from './plan-card-words.ts'
import { PlanCard } from './PlanCard.tsx'
import { RedeemSection } from './RedeemSection.tsx'
import * as css from './PlansScreen.module.css'

const noQuery: PlansQuery = {}

/** Sells plans and gifts, and redeems gift codes. */
export function PlansScreen({ plans: built }: { plans: readonly PlanOnSaleFragment[] }) {
  const plans = usePlans(built)
  // The static page does not know the query of its address.
  const query = useHydrated() ? readPlansQuery(window.location.search) : noQuery
  const [chosen, setChosen] = useState<BillingInterval | null>(null)
  const interval = chosen ?? query.interval ?? 'MONTHLY'
  const saving = savingNote(plans)
  return (
    <Page title="Plans" lead="An account is free. A plan unlocks articles for subscribers and supports the writing.">
      <PurchaseStatus plans={plans} />
      {plans.length === 0 ? <p>No plans are available right now.</p> : null}
      {plans.some(({ yearly }) => yearly) ? (
        <div className={`needs-script ${css.intervals}`}>
          <Choice
            legend="How often you pay"
            value={interval}
            onChange={setChosen}
            options={intervals.map((value) => ({ value, label: intervalWords(value).label }))}
          />
          {saving ? <p className={css.saving}>{saving}</p> : null}
        </div>
      ) : null}
      <noscript>
        <p>Subscribing needs JavaScript. Turn it on for this site.</p>
      </noscript>
      <ul className={css.plans}>
        {plans.map((plan) => (
          <PlanCard key={plan.slug} plan={plan} plans={plans} interval={interval} query={query} />
        ))}
      </ul>
      {plans.length > 0 ? <GiftSection plans={plans} /> : null}
      <RedeemSection />
    </Page>
  )
}

/** Returns the plans on sale: those of the build until the API has answered. */
function usePlans(built: readonly PlanOnSaleFragment[]): readonly PlanOnSaleFragment[] {
  const { status } = useSession()
  const { data } = useApiQuery(PlansDocument, { variables: {}, skip: status === 'pending' })
  return data?.plans ?? built
}

/** Explains why the reader cannot buy a plan, or that the reader's plan is no longer on sale. */
function PurchaseStatus({ plans }: { plans: readonly PlanOnSaleFragment[] }) {
  const { status } = useSession()
  const { viewer, loading, problem, refetch } = useViewer()
  const checkoutReturn = useCheckoutReturnNotice()
  if (problem === 'disabled') {
    return (
      <p className={css.status} role="status">
        This account is disabled and can’t subscribe. Contact the publisher, or use another account.
      </p>
    )
  }
  if (status === 'signed-in' && !viewer && !loading) {
    return (
      <div className={css.status}>
        <LoadProblem cause={problem ?? 'api'} what="Your plan" onRetry={refetch} />
      </div>
    )
  }
  const paid = viewer && paidMembership(viewer.memberships)
  if (checkoutReturn && isShownByPlansPage(checkoutReturn)) {
    return (
      <p className={css.status} role="status">
        {checkoutReturn.words}{' '}
        {checkoutReturn.stage === 'arrived' ? <Link to="/">Read the latest articles</Link> : null}
      </p>
    )
  }
  if (!paid || plans.some(({ slug }) => slug === paid.plan.slug)) return null
  return (
    <p className={css.status}>
      You have {paid.plan.name}, which is no longer on sale. You can keep it as long as you like.
    </p>
  )
}
